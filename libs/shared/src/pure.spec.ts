import fc from 'fast-check';
import { canonicalHash, canonicalJson, decodeJson, encodeJson } from './codec.js';
import { loadConfig } from './config/config.js';
import { parseInstant } from './graphql/scalars.js';
import { BadCursorError, encodeCursor, pageRequest, toPage } from './pagination.js';
import { defineStateTable } from './state-table.js';

describe('codec', () => {
  it('brings back what went in', () => {
    fc.assert(fc.property(fc.record({ a: fc.bigInt(), b: fc.date({ noInvalidDate: true }), c: fc.array(fc.option(fc.string())), d: fc.boolean() }), (value) => expect(decodeJson(encodeJson(value))).toEqual(value)));
  });
  it('orders keys as RFC 8785 does', () => expect(canonicalJson({ b: 1, a: [true, null], '\u20ac': 'x', '\r': 1 })).toBe('{"\\r":1,"a":[true,null],"b":1,"€":"x"}'));
  it('tells equal inputs from others', () => {
    expect(canonicalHash({ a: 1n, b: undefined })).toBe(canonicalHash({ a: 1n }));
    expect(canonicalHash({ a: 1n })).not.toBe(canonicalHash({ a: '1' }));
  });
});

describe('instants', () => {
  it.each(['2026-11-22T08:30:00Z', '2024-02-29T23:59:59.999+08:00'])('reads %s', (text) => expect(parseInstant(text).getTime()).toBe(Date.parse(text)));
  it.each(['garbage', 123, null, '2026-02-31T00:00:00Z', '2026-11-22', '2026-11-22T08:30:00', '2026-11-22T24:00:00Z', '2025-02-29T00:00:00Z', '2026-13-01T00:00:00Z'])('refuses %j', (value) => expect(() => parseInstant(value)).toThrow(/RFC 3339/));
});

describe('state table', () => {
  it('refuses an unreachable state', () => expect(() => defineStateTable('t', ['A'], ['A', 'B'], [])).toThrow(/unreachable B/));
  it('refuses two ends for one event', () => expect(() => defineStateTable('t', ['A'], ['A', 'B'], [{ from: 'A', event: 'e', to: 'B' }, { from: 'A', event: 'e', to: 'A' }])).toThrow(/two ends/));
  it('refuses an unknown state', () => expect(() => defineStateTable('t', ['A'], ['A'], [{ from: 'A', event: 'e', to: 'Z' as 'A' }])).toThrow(/unknown/));
  it('knows only what it was told', () => {
    const table = defineStateTable('t', ['A'], ['A', 'B'], [{ from: 'A', event: 'go', to: 'B' }]);
    expect([table.next('A', 'go'), table.next('B', 'go')]).toEqual(['B', undefined]);
  });
});

describe('pages', () => {
  it('tells whether there is more', () => {
    const page = toPage(['a', 'b', 'c'], { first: 2, after: null }, (x) => [x]);
    expect(page).toMatchObject({ items: ['a', 'b'], hasNextPage: true, endCursor: encodeCursor(['b']) });
  });
  it.each([[0, null], [101, null], [1.5, null], [10, 'not base64 json'], [10, encodeCursor(['a', 'b'])], [10, Buffer.from('{"a":1}').toString('base64url')]])('refuses first %s after %s', (first, after) => {
    expect(() => pageRequest(first, after, 1)).toThrow(BadCursorError);
  });
});

describe('configuration', () => {
  it('names each variable that is wrong and shows no value', () => {
    expect(() => loadConfig({ PORT: 'http', DATABASE_URL: 'mysql://secret@x', COMMISSION_BASIS_POINTS: '9999' })).toThrow(/PORT[^]*DATABASE_URL|DATABASE_URL[^]*PORT/);
    try {
      loadConfig({ DATABASE_URL: 'mysql://secret@x' });
    } catch (error) {
      expect((error as Error).message).not.toContain('secret');
    }
  });
  it('takes an empty variable as an absent one', () => {
    const blank = Object.fromEntries(['PORT', 'NOTICE_SECONDS', 'ACCEPTANCE_SECONDS', 'COMMISSION_BASIS_POINTS', 'DATABASE_URL', 'GRAPHIQL'].map((k) => [k, '']));
    expect(loadConfig(blank)).toMatchObject({ PORT: 4000, ACCEPTANCE_SECONDS: 604_800, COMMISSION_BASIS_POINTS: 500, noticeSeconds: 1, graphiql: true });
  });
  it('refuses the development issuer, the embedded database and the simulator in production', () => {
    for (const variable of ['OIDC_ISSUER', 'OIDC_ASSURANCE_LEVEL', 'DATABASE_URL', 'SIGNING_KEY_FILE', 'ENVELOPE_KEY_FILE', 'PAYMENT_PROVIDER', 'PUBLIC_URL']) expect(() => loadConfig({ NODE_ENV: 'production' })).toThrow(variable);
    for (const level of ['0', '5', 'high']) expect(() => loadConfig({ OIDC_ASSURANCE_LEVEL: level })).toThrow('OIDC_ASSURANCE_LEVEL');
    const complete = { NODE_ENV: 'production', OIDC_ISSUER: 'https://id.example.com', OIDC_ASSURANCE_LEVEL: '2', DATABASE_URL: 'postgres://u:p@db/e', SIGNING_KEY_FILE: '/run/key.json', ENVELOPE_KEY_FILE: '/run/envelope.json', PUBLIC_URL: 'https://x.example.com', PAYMENT_PROVIDER: 'stripe', STRIPE_SECRET_KEY: 'k', STRIPE_WEBHOOK_SECRET: 'w' };
    expect(loadConfig(complete).devIssuer).toBe(false);
    expect(() => loadConfig({ ...complete, DEV_ISSUER: 'true' })).toThrow(/DEV_ISSUER/);
  });
});
