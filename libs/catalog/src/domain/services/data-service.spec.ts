import { checkService, endpointOf, type ServiceDescription } from './data-service.js';

const SOUND: ServiceDescription = {
  productId: 'p', endpointUrl: 'https://api.vendor.example/data', endpointDescription: null, operations: [{ method: 'GET', path: '/v1/quotes/{symbol}', cost: 1, charged: 'COMPLETE' }], testPath: '/health',
  rateCalls: 10, rateSeconds: 1, atOnce: 5, firstByteMs: 1_000, totalMs: 5_000, requestBytes: 1_000, answerBytes: 1_000,
};
const wrong = (over: Partial<ServiceDescription>): string[] => checkService({ ...SOUND, ...over }).map((p) => p.path);
const op = (path: string): ServiceDescription['operations'][number] => ({ method: 'GET', path, cost: 1, charged: 'COMPLETE' });

describe('the description of a data service', () => {
  it('is sound, or names each place that is not', () => {
    expect(wrong({})).toEqual([]);
    expect(wrong({ operations: [], testPath: '/{x}', rateCalls: 0, totalMs: 500, answerBytes: 1.5 })).toEqual(['operations', 'testPath', 'rateCalls', 'totalMs', 'answerBytes']);
    expect(wrong({ endpointDescription: 'http://docs.example' })).toEqual(['endpointDescription']);
    expect(wrong({ operations: [op('/a/{x}'), op('/a/{y}')] })).toEqual(['operations.1.path']);
  });

  it.each(['a', '/a//b', '/../b', '/a/.', '/a/%2e', '/a b', '/a?b', '/{a}{b}', '/{}', '/\\', '/é'])('takes no template %s', (path) => expect(wrong({ operations: [op(path)] })).toEqual(['operations.0.path']));

  it.each(['/', '/a/', '/v1/quotes/{symbol}/at/{day}', "/items:batch;v=1/@me/'(*)"])('takes the template %s', (path) => expect(wrong({ operations: [op(path)] })).toEqual([]));

  it.each(['ftp://a.example', 'https://user@a.example', 'https://a.example/?x', 'https://a.example/#x', 'https://a.example/%2fx', 'https://a.example//x', 'no address'])('takes no endpoint %s', (url) => expect(endpointOf(url)).toBeNull());
});
