import { wholeWindows, windowEnd, windowStart } from './usage-query.js';

const at = (text: string): Date => new Date(text);

describe('windows of usage', () => {
  it.each([
    ['hour', '2026-11-23T17:45:10.5Z', '2026-11-23T17:00:00.000Z', '2026-11-23T18:00:00.000Z'],
    ['day', '2026-11-23T17:45:10.5Z', '2026-11-23T00:00:00.000Z', '2026-11-24T00:00:00.000Z'],
    ['month', '2026-12-31T23:59:59.999Z', '2026-12-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
  ] as const)('a %s of %s begins at %s and ends at %s', (window, instant, from, until) => {
    expect(windowStart(window, at(instant)).toISOString()).toBe(from);
    expect(windowEnd(window, windowStart(window, at(instant))).toISOString()).toBe(until);
  });

  it('are whole: those that a stretch touches, and no more of it than ten years', () => {
    const whole = wholeWindows({ window: 'day', from: at('2026-11-01T13:00:00Z'), until: at('2026-11-03T00:00:00Z') });
    expect([whole.from.toISOString(), whole.until.toISOString()]).toEqual(['2026-11-01T00:00:00.000Z', '2026-11-03T00:00:00.000Z']);
    expect(wholeWindows({ window: 'month', from: at('2026-11-02T00:00:00Z'), until: at('2026-11-03T00:00:00Z') }).until.toISOString()).toBe('2026-12-01T00:00:00.000Z');
    expect(wholeWindows({ window: 'day', from: at('1970-01-01T00:00:00Z'), until: at('2026-01-01T00:00:00Z') }).from.getUTCFullYear()).toBe(2015);
  });
});
