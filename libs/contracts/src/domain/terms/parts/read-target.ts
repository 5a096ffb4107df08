import { isPlainText, LIMITS } from '#shared';
import { type Findings, isObject, type JsonObject, listOf, onlyKnown, termOf, textOf } from '../json-ld.js';
import { CELL_VALUES } from './cell-values.js';
import { CELL_TYPES, type CellType, OPERATORS_OF, type RowCondition, type RowOperator, type Target } from './target.js';
import { CELL, COLUMN, TITLE } from './write-target.js';

const MOST_TARGETS = 50;
const MOST_CONDITIONS = 20;
/** Of all targets together: an agreement is read by people. */
const MOST_NAMES = 2_000;
export const MOST_COLUMNS = 1_000;
export const MOST_ROW_VALUES = 1_000;
/** Longer names are cut where columns are shown, and nobody could tell which is meant. */
export const COLUMN_NAME = 100;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** What the policy is about, where it is not about the whole product; undefined where it says nothing of it. */
export function readTargets(value: unknown, findings: Findings): Target[] | undefined {
  if (value === undefined) return undefined;
  const all = listOf(value);
  if (all.length === 0 || all.length > MOST_TARGETS) findings.add('target', `1 to ${MOST_TARGETS} asset collections`);
  const targets = all.slice(0, MOST_TARGETS).flatMap((one, i) => readTarget(one, `target.${i}`, findings) ?? []);
  const twice = targets.find((t, i) => targets.findIndex((o) => o.datasetId === t.datasetId) < i);
  if (twice) findings.add('target', `each dataset once: ${twice.datasetId}`);
  const names = targets.reduce((sum, t) => sum + (t.columns?.length ?? 0) + t.rows.reduce((n, r) => n + r.values.length, 0), 0);
  if (names > MOST_NAMES) findings.add('target', `at most ${MOST_NAMES} columns and values together`);
  return targets;
}

function readTarget(value: unknown, path: string, findings: Findings): Target | null {
  if (!isObject(value)) return findings.add(path, 'an asset collection: source, and what of it in refinement');
  onlyKnown(value, ['@type', 'source', 'refinement', TITLE], path, findings);
  if (value['@type'] !== undefined && termOf(value['@type']) !== 'AssetCollection') findings.add(`${path}.@type`, 'AssetCollection');
  const datasetId = textOf(value['source'])?.replace(/^urn:uuid:/, '') ?? '';
  if (!UUID.test(datasetId)) return findings.add(`${path}.source`, 'urn:uuid: and the id of a dataset');
  const title = value[TITLE] ?? null;
  if (title !== null && (typeof title !== 'string' || title === '' || title.length > LIMITS.shortText || !isPlainText(title))) return findings.add(`${path}.${TITLE}`, 'plain text');
  const all = listOf(value['refinement']);
  if (all.length > MOST_CONDITIONS) findings.add(`${path}.refinement`, `at most ${MOST_CONDITIONS}`);
  let columns: readonly string[] | null = null;
  const rows: RowCondition[] = [];
  for (const [i, one] of all.slice(0, MOST_CONDITIONS).entries()) {
    const at = `${path}.refinement.${i}`;
    if (!isObject(one)) { findings.add(at, 'a constraint'); continue; }
    onlyKnown(one, ['@type', 'leftOperand', 'operator', 'rightOperand', 'dataType'], at, findings);
    if (textOf(one['leftOperand']) !== COLUMN) rows.push(...(readRow(one, at, findings) ?? []));
    else if (columns !== null) findings.add(at, 'the columns are named once');
    else columns = readColumns(one, at, findings);
  }
  return { datasetId, title, columns, rows: rows.sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1)) };
}

/** So that the same conditions in another sequence are the same limit. */
const sortKey = ({ column, operator, type, values }: RowCondition): string => JSON.stringify([column, operator, type, values]);

function readColumns({ operator, rightOperand }: JsonObject, path: string, findings: Findings): string[] {
  if (termOf(operator) !== 'isAnyOf') findings.add(`${path}.operator`, 'isAnyOf');
  const names = listOf(rightOperand);
  if (names.length === 0 || names.length > MOST_COLUMNS) findings.add(`${path}.rightOperand`, `1 to ${MOST_COLUMNS} columns`);
  const read = names.slice(0, MOST_COLUMNS).flatMap((name, i) => (isColumnName(name) ? [name] : (findings.add(`${path}.rightOperand.${i}`, COLUMN_EXPECTED) ?? [])));
  return [...new Set(read)].sort();
}

function readRow(value: JsonObject, path: string, findings: Findings): RowCondition[] | null {
  const column = columnOf(textOf(value['leftOperand']) ?? '');
  if (!isColumnName(column)) return findings.add(`${path}.leftOperand`, `${COLUMN}, or ${CELL} and ${COLUMN_EXPECTED}`);
  const type = (textOf(value['dataType']) ?? '').replace(/^(xsd:|http:\/\/www\.w3\.org\/2001\/XMLSchema#)/, '') as CellType;
  if (!CELL_TYPES.includes(type)) return findings.add(`${path}.dataType`, `one of ${CELL_TYPES.map((t) => `xsd:${t}`).join(', ')}`);
  const operator = termOf(value['operator']) as RowOperator | null;
  if (operator === null || !OPERATORS_OF[type].includes(operator)) return findings.add(`${path}.operator`, `of ${type} one of ${OPERATORS_OF[type].join(', ')}`);
  const all = listOf(value['rightOperand']);
  const most = operator === 'isAnyOf' || operator === 'isNoneOf' ? MOST_ROW_VALUES : 1;
  if (all.length === 0 || all.length > most) return findings.add(`${path}.rightOperand`, most === 1 ? 'one value' : `1 to ${most} values`);
  const { read, expected } = CELL_VALUES[type];
  const values = all.flatMap((one, i) => {
    const text = typeof one === 'boolean' ? String(one) : textOf(one);
    const known = text === null ? null : read(text);
    return known ?? findings.add(`${path}.rightOperand.${i}`, expected) ?? [];
  });
  return [{ column, type, operator, values: [...new Set(values)].sort() }];
}

const COLUMN_EXPECTED = `the name of a column, at most ${COLUMN_NAME} characters in Unicode form NFC`;
/** As it stands in the file: quotes and line ends are part of a name. What has several Unicode forms has one digest only in one of them. */
const isColumnName = (name: unknown): name is string => typeof name === 'string' && name.length > 0 && name.length <= COLUMN_NAME && name.isWellFormed() && !name.includes('\0') && name.normalize('NFC') === name && name.trim() === name;

function columnOf(operand: string): string | null {
  if (!operand.startsWith(CELL)) return null;
  try {
    return decodeURIComponent(operand.slice(CELL.length));
  } catch {
    return null;
  }
}
