import type { UsageSum } from '../domain/usage-query.js';

export const COLUMNS = ['from', 'until', 'licence_id', 'meter', 'value', 'events', 'quantity'] as const;

const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
const line = (cells: readonly string[]): string => `${cells.map(cell).join(',')}\r\n`;

/** RFC 4180, in UTF-8. `value` is empty where no dimension was asked for. */
export async function* csv(rows: AsyncIterable<UsageSum>): AsyncGenerator<string, void, undefined> {
  yield line(COLUMNS);
  for await (const r of rows) yield line([r.from.toISOString(), r.until.toISOString(), r.licenceId, r.meter, r.value ?? '', r.events.toString(), r.quantity.toString()]);
}
