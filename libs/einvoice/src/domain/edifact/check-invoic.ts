import type { Finding } from '../check/rule.js';
import { parseDecimal } from '../model/decimal.js';
import { readSegments, type Segment } from './segments.js';

/** Longest texts of D.96A by segment: element and component counted from 0. */
const LENGTHS: Readonly<Record<string, readonly (readonly [number, number, number])[]>> = {
  BGM: [[0, 0, 3], [1, 0, 35], [2, 0, 3]], DTM: [[0, 0, 3], [0, 1, 35]], RFF: [[0, 0, 3], [0, 1, 35]], NAD: [[0, 0, 3], [1, 0, 35], [3, 0, 35], [4, 0, 35], [5, 0, 35], [6, 0, 9], [7, 0, 9], [8, 0, 3]], FTX: [[3, 0, 70]], LIN: [[0, 0, 6], [2, 0, 35]], QTY: [[0, 1, 15]], MOA: [[0, 1, 18]], PRI: [[0, 1, 15], [0, 4, 15]], TAX: [[4, 3, 17], [5, 0, 3]],
};
const ORDER = ['UNB', 'UNH', 'BGM', 'LIN', 'UNS', 'CNT', 'UNT', 'UNZ'];

/** Every breach of syntax, order, lengths and sums in an interchange that is to leave. */
export function checkInvoic(text: string): Finding[] {
  const segments = readSegments(text);
  if (!segments) return [{ rule: 'EDI-SYNTAX', at: 'UNZ', message: 'the last segment is not closed' }];
  const found: Finding[] = [];
  const miss = (rule: string, at: string, message: string, holds: boolean): void => void (holds || found.push({ rule, at, message }));
  const one = (tag: string): Segment | undefined => segments.find((s) => s.tag === tag);
  const value = (s: Segment | undefined, element: number, component = 0): string => s?.elements[element]?.[component] ?? '';
  const milestones = segments.map((s) => ORDER.indexOf(s.tag)).filter((i) => i >= 0);
  miss('EDI-ORDER', 'UNH', 'segments stand in the order of the message', ORDER.every((tag) => one(tag) !== undefined) && milestones.every((m, i) => i === 0 || m >= milestones[i - 1]!));
  miss('EDI-COUNT', 'UNT', 'UNT counts the segments of the message', value(one('UNT'), 0) === String(segments.findIndex((s) => s.tag === 'UNT') - segments.findIndex((s) => s.tag === 'UNH') + 1));
  miss('EDI-REFERENCE', 'UNZ', 'UNB and UNZ name the same interchange', value(one('UNB'), 4) === value(one('UNZ'), 1) && value(one('UNB'), 4) !== '' && value(one('UNB'), 4).length <= 14);
  miss('EDI-LINES', 'CNT', 'CNT counts the lines', value(one('CNT'), 0, 1) === String(segments.filter((s) => s.tag === 'LIN').length));
  for (const s of segments) for (const [element, component, most] of LENGTHS[s.tag] ?? []) miss('EDI-LENGTH', s.tag, `at most ${most} characters`, Array.from(value(s, element, component)).length <= most);
  const summary = segments.slice(segments.findIndex((s) => s.tag === 'UNS'));
  const total = (qualifier: string) => parseDecimal(summary.find((s) => s.tag === 'MOA' && value(s, 0) === qualifier)?.elements[0]?.[1] ?? '0') ?? 0n;
  const lines = segments.filter((s) => s.tag === 'MOA' && value(s, 0) === '203').reduce((sum, s) => sum + (parseDecimal(value(s, 0, 1)) ?? 0n), 0n);
  miss('EDI-SUM', 'MOA', 'the lines add up', lines === total('79'));
  miss('EDI-SUM', 'MOA', 'lines, charges and allowances make the total', total('79') + total('259') - total('260') === total('125'));
  miss('EDI-SUM', 'MOA', 'total and tax make what is invoiced', total('125') + total('124') === total('77') && total('77') - total('113') === total('9'));
  return found;
}
