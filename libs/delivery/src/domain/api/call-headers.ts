type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Of one connection alone (RFC 9110, 7.6.1), and what would speak for the connection. */
const HOP_BY_HOP = ['connection', 'keep-alive', 'proxy-connection', 'proxy-authenticate', 'proxy-authorization', 'proxy-authentication-info', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'http2-settings'];
/** The caller's credentials are for the exchange, and where he calls from is nobody's matter. What he expects, asks a range of or encodes, the exchange handles or does not. */
const NOT_SENT = new Set([
  ...HOP_BY_HOP, 'authorization', 'cookie', 'cookie2', 'dpop', 'host', 'content-length', 'expect', 'accept-encoding', 'forwarded', 'via', 'x-real-ip', 'x-client-ip', 'true-client-ip', 'cf-connecting-ip', 'origin', 'referer', 'user-agent',
  'x-request-id', 'idempotency-key', 'max-forwards', 'x-http-method-override', 'x-http-method', 'x-method-override', 'x-original-url', 'x-rewrite-url',
]);
const NOT_SENT_PREFIX = /^(?:x-forwarded-|proxy-|sec-|access-control-|entrepot-|cf-|x-envoy-|x-amz-)/;
/** What the vendor's system says to its own clients, or would change what others think of the exchange's address. */
const NOT_PASSED = new Set([
  ...HOP_BY_HOP, 'set-cookie', 'set-cookie2', 'www-authenticate', 'authorization', 'location', 'refresh', 'content-length', 'strict-transport-security', 'public-key-pins', 'alt-svc', 'clear-site-data', 'service-worker-allowed', 'content-security-policy',
  'content-security-policy-report-only', 'cross-origin-resource-policy', 'cross-origin-opener-policy', 'cross-origin-embedder-policy', 'permissions-policy', 'referrer-policy', 'x-frame-options', 'x-content-type-options', 'nel', 'report-to', 'reporting-endpoints', 'server', 'x-powered-by',
  'via', 'forwarded', 'x-request-id', 'ratelimit', 'ratelimit-policy', 'retry-after', 'cache-control', 'pragma', 'expires', 'age',
]);
const NOT_PASSED_PREFIX = /^(?:access-control-|proxy-|x-forwarded-|sec-|entrepot-|x-ratelimit-|x-envoy-|x-amz-|x-accel-)/;

/** Field names that `Connection` declares to be of this connection. */
const named = (headers: Headers): Set<string> => new Set([headers['connection'] ?? []].flat().flatMap((v) => v.split(',')).map((n) => n.trim().toLowerCase()));

function pick(headers: Headers, drop: ReadonlySet<string>, prefix: RegExp): Record<string, string | string[]> {
  const own = named(headers);
  return Object.fromEntries(Object.entries(headers).flatMap(([name, value]): [string, string | string[]][] => (value === undefined || drop.has(name) || prefix.test(name) || own.has(name) ? [] : [[name, value]])));
}

/** What of a caller's request goes to the vendor. */
export const requestHeaders = (headers: Headers): Record<string, string | string[]> => pick(headers, NOT_SENT, NOT_SENT_PREFIX);

/** What of the vendor's answer goes to the caller: nothing that carries one of these secrets, whatever it is called. */
export const answerHeaders = (headers: Headers, secrets: readonly string[]): Record<string, string | string[]> =>
  Object.fromEntries(Object.entries(pick(headers, NOT_PASSED, NOT_PASSED_PREFIX)).filter(([name, value]) => ![name, ...[value].flat()].some((text) => secrets.some((s) => text.includes(s)))));
