import { type FieldProblem, LIMITS } from '#shared';

export const API_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export type ApiMethod = (typeof API_METHODS)[number];
/** COMPLETE: a call is charged when its whole answer has come. BEGUN: when its answer begins, for streams that have no end of their own. */
export const API_CHARGES = ['COMPLETE', 'BEGUN'] as const;
export type ApiCharge = (typeof API_CHARGES)[number];

/** What may be called; everything else may not. */
export interface ApiOperation {
  readonly method: ApiMethod;
  /** `/v1/quotes/{symbol}`: a name in braces stands for one segment. */
  readonly path: string;
  /** Calls that one call counts as. */
  readonly cost: number;
  readonly charged: ApiCharge;
}

/** The API that serves a product (`dcat:DataService`). Its credential is delivery's. */
export interface DataService {
  readonly id: string;
  readonly productId: string;
  readonly vendorId: string;
  /** `dcat:endpointURL`, of the vendor's own system: buyers call the exchange instead. */
  readonly endpointUrl: string;
  /** `dcat:endpointDescription`: an OpenAPI document or a page. */
  readonly endpointDescription: string | null;
  readonly operations: readonly ApiOperation[];
  /** Asked with GET by the platform test, without a buyer: it answers 2xx where the service is in order. */
  readonly testPath: string;
  /** Calls of one licence in a window of so many seconds. */
  readonly rateCalls: number;
  readonly rateSeconds: number;
  /** Calls of one licence at the same time. */
  readonly atOnce: number;
  readonly firstByteMs: number;
  readonly totalMs: number;
  readonly requestBytes: number;
  /** The most that one answer has: so much is reserved where a quota or a cap counts bytes. */
  readonly answerBytes: number;
  readonly describedAt: Date;
}
export type ServiceDescription = Omit<DataService, 'id' | 'vendorId' | 'describedAt'>;

const LONGEST_URL = 2_000;
const LONGEST_PATH = 500;
/** A segment of RFC 3986 without percent-encoding, or a name in braces. `.` and `..` lead elsewhere. */
const SEGMENT = /^(?!\.{1,2}$)(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]+|\{[A-Za-z][A-Za-z0-9_]{0,39}\})$/;

/** A plain path, perhaps with a slash at its end. */
const isPath = (path: string, template: boolean): boolean => {
  if (path.length > LONGEST_PATH || !path.startsWith('/')) return false;
  const segments = path.slice(1).split('/');
  if (segments.at(-1) === '') segments.pop();
  return segments.every((s) => SEGMENT.test(s) && (template || !s.startsWith('{')));
};

/** An address without user, password, query and fragment. Whether it may be called is asked of who calls. */
export function endpointOf(text: string): URL | null {
  if (text.length > LONGEST_URL || !URL.canParse(text)) return null;
  const url = new URL(text);
  return ['https:', 'http:'].includes(url.protocol) && !url.username && !url.password && !/[?#]/.test(url.href) && isPath(url.pathname, false) ? url : null;
}

const whole = (value: number, path: string, most: number, least = 1): FieldProblem[] => (Number.isSafeInteger(value) && value >= least && value <= most ? [] : [{ path, message: `a whole number from ${least} to ${most}` }]);

/** Where a description is wrong. */
export function checkService(s: ServiceDescription): FieldProblem[] {
  const keys = s.operations.map((o) => `${o.method} ${o.path.replace(/\{[^}]*\}/g, '{}')}`);
  return [
    ...(endpointOf(s.endpointUrl) ? [] : [{ path: 'endpointUrl', message: 'an https address without user, password, query and fragment' }]),
    ...(s.endpointDescription === null || (s.endpointDescription.length <= LONGEST_URL && URL.canParse(s.endpointDescription) && new URL(s.endpointDescription).protocol === 'https:') ? [] : [{ path: 'endpointDescription', message: 'an https address' }]),
    ...(s.operations.length >= 1 && s.operations.length <= LIMITS.apiOperations ? [] : [{ path: 'operations', message: `from 1 to ${LIMITS.apiOperations}` }]),
    ...s.operations.flatMap((o, i) => [
      ...(isPath(o.path, true) ? [] : [{ path: `operations.${i}.path`, message: 'a path such as /v1/quotes/{symbol}' }]),
      ...(keys.indexOf(keys[i]!) === i ? [] : [{ path: `operations.${i}.path`, message: 'the same operation twice' }]),
      ...whole(o.cost, `operations.${i}.cost`, LIMITS.apiCallCost),
    ]),
    ...(isPath(s.testPath, false) ? [] : [{ path: 'testPath', message: 'a path without names in braces' }]),
    ...whole(s.rateCalls, 'rateCalls', LIMITS.apiRateCalls), ...whole(s.rateSeconds, 'rateSeconds', LIMITS.apiRateSeconds), ...whole(s.atOnce, 'atOnce', LIMITS.apiAtOnce),
    ...whole(s.firstByteMs, 'firstByteMs', LIMITS.apiFirstByteMs), ...whole(s.totalMs, 'totalMs', LIMITS.apiTotalMs, s.firstByteMs),
    ...whole(s.requestBytes, 'requestBytes', LIMITS.apiRequestBytes), ...whole(s.answerBytes, 'answerBytes', LIMITS.apiAnswerBytes),
  ];
}
