import { canonicalHash } from '#shared';
import { writeRefinement } from './write-target.js';

/** How the cells of a column are compared; the datatypes of XML Schema that ODRL names them by. */
export const CELL_TYPES = ['string', 'decimal', 'boolean', 'date', 'dateTime'] as const;
export type CellType = (typeof CELL_TYPES)[number];

const SETS = ['eq', 'neq', 'isAnyOf', 'isNoneOf'] as const;
const ORDER = ['lt', 'lteq', 'gt', 'gteq'] as const;
export const ROW_OPERATORS = [...SETS, ...ORDER] as const;
export type RowOperator = (typeof ROW_OPERATORS)[number];

/** By which operators each type is compared: texts have no order that every program agrees on. */
export const OPERATORS_OF: Readonly<Record<CellType, readonly RowOperator[]>> = { string: SETS, boolean: ['eq', 'neq'], decimal: ROW_OPERATORS, date: ROW_OPERATORS, dateTime: ROW_OPERATORS };

/** A condition on the rows of a table. A row without a value in the column fulfils none, `neq` and `isNoneOf` included. */
export interface RowCondition {
  readonly column: string;
  readonly type: CellType;
  readonly operator: RowOperator;
  readonly values: readonly string[];
}

/** What of a dataset is licensed: an asset collection of ODRL with its refinement. */
export interface Target {
  readonly datasetId: string;
  /** As the dataset was called when it was offered; null until then. */
  readonly title: string | null;
  /** Of each file; null: all of them. */
  readonly columns: readonly string[] | null;
  /** All of them; none: every row. */
  readonly rows: readonly RowCondition[];
}
export type Limit = Pick<Target, 'columns' | 'rows'>;

export const isWhole = ({ columns, rows }: Limit): boolean => columns === null && rows.length === 0;

/** SHA-256 of the refinement's RFC 8785 form: two licences with the same one receive the same file, and whoever has the agreement can compute it. */
export const limitDigest = (limit: Limit): string => canonicalHash(writeRefinement(limit));
