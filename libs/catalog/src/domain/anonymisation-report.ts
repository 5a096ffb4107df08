import type { AnonymisationReport, Classification } from '#compliance';
import type { FieldProblem } from '#shared';
import { isDay } from '#shared';
import { saysSomething } from './source.js';

const MIN_K = 2;
const EARLIEST = '2000-01-01';

/** What is wrong with the report on an anonymisation, on a day. Data that is called anonymised needs one; other data has none. */
export function checkReport(report: AnonymisationReport | null, { anonymisation }: Pick<Classification, 'anonymisation'>, today: string): FieldProblem[] {
  if (!report) return anonymisation === 'anonymised' ? [{ path: 'anonymisationReport', message: 'anonymised data needs the report that shows it (PIPL Art. 73(4))' }] : [];
  if (anonymisation === 'none') return [{ path: 'anonymisationReport', message: 'a report is given for data that is not anonymised' }];
  const problems: FieldProblem[] = [];
  const refuse = (when: boolean, path: keyof AnonymisationReport, message: string): void => void (when && problems.push({ path: `anonymisationReport.${path}`, message }));
  refuse(!saysSomething(report.method), 'method', 'what was done to the data');
  refuse(!saysSomething(report.reidentificationTest), 'reidentificationTest', 'how it was tried to identify people again, and how that ended');
  refuse(report.assessor.trim() === '', 'assessor', 'who assessed it');
  refuse(report.k !== null && report.k < MIN_K, 'k', `from ${MIN_K}: a group of one is somebody`);
  refuse(!isDay(report.assessedOn) || report.assessedOn < EARLIEST || report.assessedOn > today, 'assessedOn', `a day from ${EARLIEST} to today`);
  return problems;
}
