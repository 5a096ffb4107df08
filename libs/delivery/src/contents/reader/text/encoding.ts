import { isUtf8 } from 'node:buffer';
import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { once } from 'node:events';
import type { Encoding } from '../../contents.js';
import { FileFinding } from '../finding.js';
import { Gb18030Plausibility } from './gb18030.js';

const HEAD_BYTES = 64 * 1024;
/** Pieces end where a line does, so that each is decoded by itself; a longer line is cut off in the middle of nothing that is read. */
const MAX_PIECE = 32 * 1024 * 1024;
const [LF, CR] = [0x0a, 0x0d];

const MAGIC: readonly (readonly [string, string])[] = [
  ['1f8b', 'gzip'], ['504b0304', 'a ZIP archive'], ['28b52ffd', 'Zstandard'], ['425a68', 'bzip2'], ['fd377a585a00', 'xz'], ['377abcaf271c', 'a 7-Zip archive'], ['526172211a07', 'a RAR archive'],
  ['25504446', 'PDF'], ['50415231', 'Parquet'], ['4152524f5731', 'Arrow'], ['d0cf11e0a1b11ae1', 'an old office document'],
];

/** How the text of a file is written. Throws a finding for what is no text, or none that can be told for sure. */
export async function encodingOf(path: string): Promise<Encoding> {
  const head = await headOf(path, HEAD_BYTES);
  const hex = head.subarray(0, 8).toString('hex');
  const magic = MAGIC.find(([start]) => hex.startsWith(start));
  if (magic) throw new FileFinding(`it is ${magic[1]}, not text: hand it in unpacked and as what it is`);
  if (hex.startsWith('efbbbf')) return utf8OrThrow(path, 'UTF-8 with BOM');
  if (hex.startsWith('fffe')) return 'UTF-16LE';
  if (hex.startsWith('feff')) return 'UTF-16BE';
  for (const encoding of ['UTF-16LE', 'UTF-16BE'] as const) if (looksLikeUtf16(head, encoding)) return encoding;
  return utf8OrThrow(path, 'UTF-8');
}

/** Without a mark: delimiters, digits and line ends have one zero byte each, always on the same side, and line ends stand where characters do. */
function looksLikeUtf16(head: Buffer, encoding: 'UTF-16LE' | 'UTF-16BE'): boolean {
  const high = encoding === 'UTF-16LE' ? 1 : 0;
  let [zeros, others, ends, stray] = [0, 0, 0, 0];
  for (const [i, byte] of head.entries()) {
    if (byte === 0) {
      if (i % 2 === high) zeros++;
      else others++;
    }
    // In the low byte it is a line end or a character such as U+4E0A; in the high byte hardly anything.
    else if (byte === LF && i % 2 === high) stray++;
    else if (byte === LF && head[i + (high ? 1 : -1)] === 0) ends++;
  }
  return zeros > head.length / 20 && others < head.length / 200 && ends > 0 && stray === 0;
}

export async function headOf(path: string, bytes: number): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(bytes);
    return buffer.subarray(0, (await file.read(buffer, 0, bytes, 0)).bytesRead);
  } finally {
    await file.close();
  }
}

async function utf8OrThrow(path: string, name: Encoding): Promise<Encoding> {
  let at = 0;
  for await (const piece of lines(path)) {
    if (!isUtf8(piece)) {
      const position = at + firstWrong(piece, 'utf-8');
      if (name === 'UTF-8' && (await isGb18030(path))) return 'GB18030';
      throw new FileFinding(`byte ${position}: neither UTF-8 nor another encoding that can be told for sure (UTF-16, GB18030)`);
    }
    const zero = piece.indexOf(0);
    if (zero >= 0) throw new FileFinding(`byte ${at + zero}: a zero byte, which text does not hold`);
    at += piece.length;
  }
  return name;
}

async function isGb18030(path: string): Promise<boolean> {
  const plausible = new Gb18030Plausibility();
  try {
    for await (const piece of lines(path)) {
      new TextDecoder('gb18030', { fatal: true }).decode(piece);
      plausible.add(piece);
    }
  } catch {
    return false;
  }
  return plausible.holds();
}

/** Writes the file anew as UTF-8 without a byte order mark, piece by piece. */
export async function toUtf8(path: string, encoding: Encoding, target: string): Promise<void> {
  const label = { 'UTF-8': 'utf-8', 'UTF-8 with BOM': 'utf-8', 'UTF-16LE': 'utf-16le', 'UTF-16BE': 'utf-16be', GB18030: 'gb18030' }[encoding];
  const output = createWriteStream(target, { flags: 'wx' });
  let at = 0;
  for await (const piece of lines(path, encoding)) {
    let text: string;
    try {
      // The byte order mark is that of the first piece; what looks like one later is a character.
      text = new TextDecoder(label, { fatal: true, ignoreBOM: at > 0 }).decode(piece);
    } catch {
      output.destroy();
      throw new FileFinding(`byte ${at + firstWrong(piece, label)}: not ${encoding}`);
    }
    if (text.includes('\0')) throw new FileFinding('a zero character, which text does not hold');
    if (!output.write(text)) await once(output, 'drain');
    at += piece.length;
  }
  output.end();
  await once(output, 'close');
}

/** The longest character that any of these encodings has. */
const MAX_CHARACTER = 4;

/** Where the first character begins that does not decode. */
function firstWrong(piece: Buffer, label: string): number {
  const decodes = (bytes: number, stream: boolean): boolean => {
    try {
      new TextDecoder(label, { fatal: true }).decode(piece.subarray(0, bytes), { stream });
      return true;
    } catch {
      return false;
    }
  };
  let [good, bad] = [0, piece.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (decodes(middle, true)) good = middle;
    else bad = middle;
  }
  // What is only begun passes until its next byte.
  for (let at = good; at > good - MAX_CHARACTER && at > 0; at--) if (decodes(at, false)) return at;
  return Math.max(0, good - MAX_CHARACTER);
}

/** The file in pieces that end with a line; in UTF-16 after its two bytes. */
async function* lines(path: string, encoding: Encoding = 'UTF-8'): AsyncGenerator<Buffer> {
  let kept: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) {
    const all = kept.length ? Buffer.concat([kept, chunk]) : chunk;
    const end = endOfLine(all, encoding);
    if (end > 0) yield all.subarray(0, end);
    kept = all.subarray(end);
    if (kept.length > MAX_PIECE) throw new FileFinding(`a line of more than ${MAX_PIECE} bytes`);
  }
  if (kept.length) yield kept;
}

function endOfLine(all: Buffer, encoding: Encoding): number {
  if (!encoding.startsWith('UTF-16')) return Math.max(all.lastIndexOf(LF), all.lastIndexOf(CR)) + 1;
  const little = encoding === 'UTF-16LE';
  for (let at = all.length - (all.length % 2) - 2; at >= 0; at -= 2) {
    const unit = little ? all.readUInt16LE(at) : all.readUInt16BE(at);
    if (unit === LF || unit === CR) return at + 2;
  }
  return 0;
}
