import { isMeter, type Meter } from '#contracts';
import { invalid, isId, type InvalidInput } from '#shared';
import { USAGE_WINDOWS, type UsageQuestion, type UsageWindow } from '../../domain/usage-query.js';
import { METERING_ERRORS } from '../../metering.errors.js';

export const FORMATS = ['csv', 'parquet'] as const;
export type ExportFormat = (typeof FORMATS)[number];

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;
const DIMENSION = /^[a-z][a-z0-9_]{0,39}$/;
const isOneOf = <T extends string>(names: readonly T[], name: unknown): name is T => names.includes(name as T);

/** The question of an address, or what is wrong with it. Meters and windows may be written as in GraphQL too. */
export function exportQuestion(query: Readonly<Record<string, unknown>>): { readonly question: UsageQuestion; readonly format: ExportFormat } | InvalidInput {
  const wrong = (path: string, message: string): InvalidInput => invalid(METERING_ERRORS.EXPORT_INVALID, path, `${path}: ${message}`);
  const given = (name: string): string | null | undefined => (query[name] === undefined ? null : typeof query[name] === 'string' ? query[name] : undefined);
  const [format, window, meter] = [given('format') ?? 'csv', given('window'), given('meter')].map((text) => text?.toLowerCase());
  const [licenceId, from, until, dimension, value] = ['licenceId', 'from', 'until', 'dimension', 'value'].map(given);
  if (!isOneOf(FORMATS, format)) return wrong('format', FORMATS.join(' or '));
  if (!isOneOf(USAGE_WINDOWS, window)) return wrong('window', USAGE_WINDOWS.join(', '));
  const at = (text: string | null | undefined): Date | null => (text && INSTANT.test(text) && !Number.isNaN(Date.parse(text)) ? new Date(text) : null);
  const [first, last] = [at(from), at(until)];
  if (!first) return wrong('from', 'an instant of RFC 3339 with its offset');
  if (!last) return wrong('until', 'an instant of RFC 3339 with its offset');
  if (licenceId === undefined || (licenceId !== null && !isId(licenceId))) return wrong('licenceId', 'the id of a licence');
  if (query['meter'] !== undefined && (!meter || !isMeter(meter))) return wrong('meter', 'the name of a meter');
  if (dimension === undefined || (dimension !== null && !DIMENSION.test(dimension))) return wrong('dimension', 'the name of a dimension');
  if (value === undefined || (value !== null && (dimension === null || value.length > 200 || value.includes('\0') || !value.isWellFormed()))) return wrong('value', 'one value of a dimension that is named');
  return { format, question: { licenceId: licenceId?.toLowerCase() ?? null, meter: (meter as Meter | undefined) ?? null, window: window as UsageWindow, from: first, until: last, dimension, value } };
}
