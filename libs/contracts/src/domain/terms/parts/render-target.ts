import type { Language } from '../words.js';
import type { RowCondition, RowOperator, Target } from './target.js';

interface Phrases {
  readonly part: (dataset: string, columns: string | null, rows: string | null) => string;
  readonly operators: Readonly<Record<RowOperator, (column: string, values: string) => string>>;
  readonly and: string;
  readonly list: string;
}

const EN: Phrases = {
  part: (dataset, columns, rows) => `The licence is for ${columns || rows ? 'a part of' : ''}${columns || rows ? ' ' : ''}the dataset ${dataset}${columns || rows ? `: ${[columns && `its columns ${columns}`, rows && `its rows where ${rows}`].filter(Boolean).join(', and of them ')}` : ', all of it'}. The licensee receives a file with nothing else.`,
  operators: {
    eq: (c, v) => `${c} is ${v}`, neq: (c, v) => `${c} has a value other than ${v}`, isAnyOf: (c, v) => `${c} is one of ${v}`, isNoneOf: (c, v) => `${c} has a value that is none of ${v}`,
    lt: (c, v) => `${c} is below ${v}`, lteq: (c, v) => `${c} is at most ${v}`, gt: (c, v) => `${c} is above ${v}`, gteq: (c, v) => `${c} is at least ${v}`,
  },
  and: ' and ', list: ', ',
};
const ZH: Phrases = {
  part: (dataset, columns, rows) => `许可范围为数据集${dataset}${columns || rows ? `的一部分：${[columns && `列${columns}`, rows && `满足${rows}的行`].filter(Boolean).join('，且仅限')}` : '的全部'}。被许可方收到的文件不含其他内容。`,
  operators: {
    eq: (c, v) => `${c}等于${v}`, neq: (c, v) => `${c}有值且不等于${v}`, isAnyOf: (c, v) => `${c}为${v}之一`, isNoneOf: (c, v) => `${c}有值且不为${v}中任何一个`,
    lt: (c, v) => `${c}小于${v}`, lteq: (c, v) => `${c}不大于${v}`, gt: (c, v) => `${c}大于${v}`, gteq: (c, v) => `${c}不小于${v}`,
  },
  and: '且', list: '、',
};
const PHRASES: Readonly<Record<Language, Phrases>> = { en: EN, zh: ZH };

/** Names and texts may hold anything: in quotes, line ends written out, they end where they end. */
const quoted = (text: string): string => JSON.stringify(text);

export function renderTarget({ datasetId, title, columns, rows }: Target, language: Language): string {
  const phrases = PHRASES[language];
  return phrases.part(title === null ? datasetId : quoted(title), columns && columns.map(quoted).join(phrases.list), rows.length ? rows.map((r) => renderRow(r, phrases)).join(phrases.and) : null);
}

const renderRow = ({ column, type, operator, values }: RowCondition, { operators, list }: Phrases): string => operators[operator](quoted(column), values.map((v) => (type === 'string' ? quoted(v) : v)).join(list));
