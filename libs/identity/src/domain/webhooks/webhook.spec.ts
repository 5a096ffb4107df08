import { newId } from '#shared';
import fc from 'fast-check';
import { endpointUrl, verdict } from './webhook-endpoint.js';
import { nextAttempt, outcomeOf, RETRY_AFTER_MS, spreadOf } from './webhook-message.js';

const DAY_MS = 86_400_000;
const NOW = new Date('2026-06-01T00:00:00Z');
const ago = (days: number): Date => new Date(NOW.getTime() - days * DAY_MS);

describe('webhooks', () => {
  it('are retried with growing pauses over three days, and then no more', () => {
    expect(RETRY_AFTER_MS.every((pause, i) => i === 0 || pause > RETRY_AFTER_MS[i - 1]!)).toBe(true);
    const pauses = Array.from({ length: 12 }, (_, i) => nextAttempt(i + 1, NOW, 0)?.getTime());
    expect(pauses.map((at) => at !== undefined)).toEqual([...Array<boolean>(9).fill(true), false, false, false]);
    const total = pauses.reduce<number>((sum, at) => sum + (at === undefined ? 0 : at - NOW.getTime()), 0);
    expect(total).toBeGreaterThanOrEqual(3 * DAY_MS);
    expect(total).toBeLessThan(3.5 * DAY_MS);
    fc.assert(fc.property(fc.integer({ min: 1, max: 9 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, chance) => {
      const [least, pause] = [RETRY_AFTER_MS[n - 1]!, nextAttempt(n, NOW, chance)!.getTime() - NOW.getTime()];
      expect(pause >= least && pause <= least * 1.1 + 1).toBe(true);
    }));
  });

  it('that failed together are spread over the whole of what a pause may be longer', () => {
    const spreads = Array.from({ length: 200 }, () => spreadOf(newId()));
    expect(spreads.every((s) => s >= 0 && s <= 1)).toBe(true);
    expect([Math.min(...spreads) < 0.2, Math.max(...spreads) > 0.8]).toEqual([true, true]);
    expect([spreadOf('0190a000-0000-7000-8000-000000000000'), spreadOf('0190a000-0000-7000-8000-0000ffffffff')]).toEqual([0, 1]);
  });

  it('arrived with 2xx and with nothing else', () => {
    fc.assert(fc.property(fc.integer({ min: 100, max: 999 }), (status) => expect(outcomeOf(status).failure === null).toBe(status >= 200 && status <= 299)));
    expect([outcomeOf(302).failure, outcomeOf(304).failure, outcomeOf(400).failure, outcomeOf(503).failure]).toEqual(['REDIRECT', 'REDIRECT', 'STATUS', 'STATUS']);
  });

  it('end for an endpoint that took nothing for five days, or is gone', () => {
    expect([verdict(NOW, NOW, 500), verdict(ago(4.99), NOW, null), verdict(ago(5), NOW, null), verdict(NOW, NOW, 410)]).toEqual([null, null, 'FAILING', 'GONE']);
  });

  it('go to http addresses without credentials, whatever is given', () => {
    for (const good of ['https://hooks.example/a?b=c', 'http://127.0.0.1:8080/']) expect(endpointUrl(good)?.href).toBe(good);
    for (const bad of ['', 'hooks.example', 'ftp://a.example/', 'https://u:p@a.example/', 'https://u@a.example/', 'https://a.example/#x', 'javascript:alert(1)', 'https://', `https://a.example/${'a'.repeat(2_000)}`]) expect([bad, endpointUrl(bad)]).toEqual([bad, null]);
    fc.assert(fc.property(fc.oneof(fc.webUrl({ withFragments: true, withQueryParameters: true }), fc.string({ unit: 'binary' }), fc.string().map((s) => `https://${s}`)), (text) => {
      const url = endpointUrl(text);
      if (url) expect([url.username, url.password, url.hash, /^https?:$/.test(url.protocol), url.href.length <= 2_000]).toEqual(['', '', '', true, true]);
    }), { numRuns: 500 });
  });
});
