import { isPlain, mayPresign } from './hand-over.js';

describe('what is given to others to send', () => {
  it.each([[undefined, true], ['bytes=0-', true], ['bytes=5-9', true], ['bytes=-7', true], ['bytes=0-1,5-6', false], ['bytes= 0-1', false], ['BYTES=0-1', false], ['bytes=-', false], ['rows=1-2', false]])('a range of %s: %s', (range, plain) => {
    expect(isPlain(range === undefined ? {} : { range })).toBe(plain);
  });
  it.each(['if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since', 'if-range'])('nothing with %s', (name) => {
    expect(isPlain({ [name]: '"x"' })).toBe(false);
  });
  it('a link for a whole file on a public channel that allows it', () => {
    const open = { kind: 'public', presigned: true } as const;
    expect(mayPresign(open, { from: 0, to: 9 }, 9)).toBe(true);
    expect([mayPresign(open, { from: 0, to: 8 }, 9), mayPresign({ ...open, presigned: false }, { from: 0, to: 9 }, 9), mayPresign({ ...open, kind: 'networks' }, { from: 0, to: 9 }, 9), mayPresign(null, { from: 0, to: 9 }, 9)]).toEqual([false, false, false, false]);
  });
});
