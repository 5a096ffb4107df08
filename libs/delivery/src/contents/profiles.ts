import { type ColumnProfile, type DatasetProfile, MASK, SAMPLE_CELL, SAMPLE_ROWS, type TableProfile, type TableSample } from '#catalog';
import type { Exposure, RevisionProfile } from '#compliance';
import type { Contents, TableContents } from './contents.js';

/** Longer texts are written by people, and may say anything of anybody. */
const FREE_TEXT_LENGTH = 40;

/** What the detectors look at: everything that could be read, also of files that are not what they say. */
export const toRevisionProfile = ({ files, tables }: Contents): RevisionProfile => ({
  tables: tables.map((t) => ({ name: t.name, files: t.files.length, rows: t.rows, header: t.columns.map((c) => c.name), sample: t.sample, distinct: t.columns.map((c) => c.distinctAtLeast) })),
  notProfiled: files.flatMap(({ fileName, mediaType, findings, unread }) => {
    const reason = findings[0] ?? unread;
    return reason === null ? [] : [{ fileName, mediaType, reason }];
  }),
});

/** What whoever sees the product may know: of columns that the detectors flag, or did not look at, no value. */
export function toDatasetProfile({ files, tables }: Contents, exposure: Exposure): DatasetProfile {
  const whole = tables.filter((t) => !t.partial);
  const shown = whole.map((table) => ({ table, columns: columnsOf(table, exposure) }));
  const mediaTypes = new Map(files.map((f) => [f.fileName, f.mediaType]));
  return {
    complete: files.every((f) => f.findings.length === 0 && f.unread === null),
    personal: exposure.personal,
    files: files.map(({ fileName, mediaType, bytes, encoding, delimiter, rows, findings, unread }) => ({ fileName, mediaType, bytes, encoding, delimiter, rows, findings, unread })),
    tables: shown.map(({ table, columns }): TableProfile => ({
      name: table.name, files: table.files, formats: [...new Set(table.files.map((f) => mediaTypes.get(f)!))].sort(), rows: table.rows, bytes: table.bytes, columns,
      duplicateShare: table.duplicates.share, duplicatesExact: table.duplicates.exact, latest: latestOf(table, columns),
    })),
    samples: shown.flatMap(({ table, columns }) => (exposure.tables.has(table.name) ? [sampleOf(table, columns, exposure.personal)] : [])),
  };
}

function columnsOf(table: TableContents, exposure: Exposure): ColumnProfile[] {
  const exposed = exposure.tables.get(table.name) ?? [];
  return table.columns.map((c, i) => {
    // Nobody looked at it: its name may be data too.
    const { name, sensitive } = exposed[i] ?? { name: `column ${i + 1}`, sensitive: true };
    const freeText = (c.logicalType === 'text' || c.logicalType === 'mixed' || c.logicalType === 'nested' || c.logicalType === 'binary') && (c.maxLength ?? Infinity) > FREE_TEXT_LENGTH;
    return {
      name, physicalType: c.physicalType, logicalType: c.logicalType, nulls: c.nulls, nullShare: table.rows === 0 ? 0 : Math.round((c.nulls / table.rows) * 10_000) / 10_000,
      min: sensitive ? null : c.min, max: sensitive ? null : c.max, minLength: sensitive ? null : c.minLength, maxLength: sensitive ? null : c.maxLength,
      distinct: c.distinct, distinctExact: c.distinctExact, sensitive, freeText,
    };
  });
}

/** The latest instant of its dates, those of people aside. */
function latestOf(table: TableContents, columns: readonly ColumnProfile[]): string | null {
  return table.columns.reduce<string | null>((latest, { latest: own }, i) => (!columns[i]!.sensitive && own !== null && (latest === null || own > latest) ? own : latest), null);
}

function sampleOf({ name, sample }: TableContents, columns: readonly ColumnProfile[], personal: boolean): TableSample {
  const count = Math.min(SAMPLE_ROWS, sample.length);
  const rows = Array.from({ length: count }, (_, i) => sample[Math.floor((i * sample.length) / count)]!);
  return {
    table: name, columns: columns.map((c) => c.name),
    rows: rows.map((row) => columns.map(({ sensitive, freeText }, i) => {
      if (sensitive || (personal && freeText)) return MASK;
      const cell = row[i] ?? '';
      return cell === '' ? null : cell.length > SAMPLE_CELL ? `${cell.slice(0, SAMPLE_CELL).toWellFormed()}…` : cell;
    })),
  };
}
