import { PROFILE } from '../vocabulary.js';
import type { Limit, Target } from './target.js';

/** Operands of the profile: ODRL has no word for the columns of a table. */
export const COLUMN = `${PROFILE}#column`;
export const CELL = `${PROFILE}#cell:`;
export const TITLE = 'http://purl.org/dc/terms/title';
const XSD = 'xsd:';
const OF_MANY: ReadonlySet<string> = new Set(['isAnyOf', 'isNoneOf']);

/** The asset collection as JSON-LD. `readTargets` reads it back unchanged. */
export const writeTarget = (target: Target): Record<string, unknown> => {
  const refinement = writeRefinement(target);
  return { '@type': 'AssetCollection', source: `urn:uuid:${target.datasetId}`, ...(target.title === null ? {} : { [TITLE]: target.title }), ...(refinement.length ? { refinement } : {}) };
};

export const writeRefinement = ({ columns, rows }: Limit): object[] => [
  ...(columns ? [{ leftOperand: COLUMN, operator: 'isAnyOf', rightOperand: columns }] : []),
  ...rows.map(({ column, type, operator, values }) => ({ leftOperand: `${CELL}${encodeURIComponent(column)}`, operator, rightOperand: OF_MANY.has(operator) ? values : values[0], dataType: `${XSD}${type}` })),
];
