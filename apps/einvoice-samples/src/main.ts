// oxlint-disable no-console -- a command line: what it wrote
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { makeSamples } from '#einvoice';

/** Writes sample documents over all flows, currencies and kinds into a folder, for any validator. The same seed gives the same bytes. */
const { values: { seed }, positionals: [folder] } = parseArgs({ allowPositionals: true, options: { seed: { type: 'string', default: '1' } } });
if (!folder || !/^\d{1,6}$/.test(seed)) {
  console.error('usage: npm run einvoice:samples -- folder [--seed 1]');
  process.exit(2);
}
const samples = makeSamples(Number(seed));
for (const { file, content } of samples) {
  const at = path.join(folder, file);
  await mkdir(path.dirname(at), { recursive: true });
  await writeFile(at, content);
}
console.log(`${samples.length} documents in ${folder}`);
