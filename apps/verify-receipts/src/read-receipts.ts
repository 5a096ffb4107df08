import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { ReceiptFacts } from '#billing';
import { verifySigned } from '#shared';

/** The kind of document that a receipt of the exchange is. */
const RECEIPT_TYPE = 'entrepot-receipt+jws';
type Keys = Parameters<typeof verifySigned>[0];

export interface ReadReceipts {
  readonly receipts: ReceiptFacts[];
  /** Lines that hold no receipt signed by these keys. */
  readonly bad: string[];
}

/** The receipts of a file of JSON Lines, or of one signed form a line, each verified against the published keys. */
export async function readReceipts(file: string, keys: Keys): Promise<ReadReceipts> {
  const receipts: ReceiptFacts[] = [];
  const bad: string[] = [];
  let n = 0;
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    n += 1;
    if (!line.trim()) continue;
    try {
      receipts.push(factsOf(await verifySigned(keys, RECEIPT_TYPE, signedOf(line))));
    } catch (error) {
      bad.push(`line ${n} of ${file} is no receipt signed by these keys: ${(error as Error).message}`);
    }
  }
  return { receipts, bad };
}

function signedOf(line: string): string {
  const text = line.trim();
  return text.startsWith('{') ? String((JSON.parse(text) as { jws?: unknown }).jws) : text;
}

function factsOf(payload: unknown): ReceiptFacts {
  const { id, licenceId, vendorId, buyerId, bytes, calls, completedAt } = payload as Record<string, unknown>;
  if ([id, licenceId, vendorId, buyerId, bytes, completedAt].some((v) => typeof v !== 'string')) throw new Error('it lacks what a receipt says');
  if (calls !== undefined && typeof calls !== 'string') throw new Error('it does not say how many calls it is of');
  return { id: id as string, licenceId: licenceId as string, vendorId: vendorId as string, buyerId: buyerId as string, bytes: BigInt(bytes as string), calls: calls === undefined ? null : BigInt(calls), completedAt: new Date(completedAt as string) };
}
