import fc from 'fast-check';
import { isRefused } from '#shared';
import { exportQuestion } from './export-question.js';

describe('the question of an export', () => {
  it('is read from its address', () => {
    expect(exportQuestion({ window: 'DAY', from: '2026-11-01T00:00:00Z', until: '2026-12-01T00:00:00+08:00', meter: 'DOWNLOADS' })).toEqual({
      format: 'csv', question: { licenceId: null, meter: 'downloads', window: 'day', from: new Date('2026-11-01T00:00:00Z'), until: new Date('2026-11-30T16:00:00Z'), dimension: null, value: null },
    });
  });

  it('whatever the address says, is one with two instants or what is wrong with it', () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom<unknown>('day', 'hour', 'csv', 'parquet', '2026-11-01T00:00:00Z', '2026-02-30T00:00:00Z', '2026-13-01T00:00:00Z', 'downloads', 'constructor', 'region', ['day', 'day'], {}));
    fc.assert(fc.property(fc.dictionary(fc.constantFrom('format', 'window', 'from', 'until', 'licenceId', 'meter', 'dimension', 'value'), text), (query) => {
      const asked = exportQuestion(query);
      if (isRefused(asked)) expect(asked.message).not.toBe('');
      else expect([Number.isNaN(asked.question.from.getTime()), Number.isNaN(asked.question.until.getTime())]).toEqual([false, false]);
    }), { numRuns: 1_000 });
  });
});
