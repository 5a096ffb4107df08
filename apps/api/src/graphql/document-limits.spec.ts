import fc from 'fast-check';
import { getIntrospectionQuery, parse } from 'graphql';
import { limitDocument, limitText } from './document-limits.js';

const refused = (query: string): string | null => {
  try {
    limitDocument(parse(query));
    return null;
  } catch (error) {
    return (error as Error).message;
  }
};

describe('limits of a document', () => {
  it('count a field wherever its fragment is spread, and in no time', () => {
    const doubling = Array.from({ length: 40 }, (_, i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`).join(' ');
    const started = performance.now();
    expect(refused(`{ ...F0 } ${doubling} fragment F40 on Query { me { subject } }`)).toMatch(/more than 500 fields/);
    expect(performance.now() - started).toBeLessThan(200);
  });
  it.each(['A', '__schema', '__type', '__typename', '__A'])('hold inside a fragment called %s', (name) => {
    expect(refused(`{ ...${name} } fragment ${name} on Query { ${'a { '.repeat(13)} b ${'} '.repeat(13)} }`)).toMatch(/14 levels deep/);
    expect(refused(`{ ...${name} } fragment ${name} on Query { ${'me '.repeat(501)} }`)).toMatch(/more than 500 fields/);
    expect(refused(`{ a { b { ...${name} } } } fragment ${name} on Query { ${'a { '.repeat(10)} b ${'} '.repeat(10)} }`)).toMatch(/13 levels deep/);
    expect(refused(`{ me { id } } fragment ${name} on Query { ${'a { '.repeat(13)} b ${'} '.repeat(13)} }`)).toMatch(/14 levels deep/);
  });
  it('are not widened by an alias that sounds like the schema', () => {
    expect(refused(`{ __schema: a { ${'a { '.repeat(13)} b ${'} '.repeat(13)} } }`)).toMatch(/15 levels/);
    expect(refused(`{ ... on Query { ... on Query { a } } }`)).toBeNull();
  });
  it('let tools ask for the schema, to a depth', () => {
    expect(refused(getIntrospectionQuery({ descriptions: true, specifiedByUrl: true, directiveIsRepeatable: true, inputValueDeprecation: true }))).toBeNull();
    expect(refused(`{ __schema { ${'a { '.repeat(16)} b ${'} '.repeat(16)} } }`)).toMatch(/levels deep/);
  });
  it('refuse circles, also where nothing spreads them', () => {
    expect(refused('{ ...A } fragment A on Query { ...B } fragment B on Query { me { ...A } }')).toMatch(/spreads itself/);
    expect(refused('{ me { id } } fragment A on Query { ...A }')).toMatch(/spreads itself/);
  });
  it('count directives of one place and of all', () => {
    expect(refused(`{ me ${'@aa'.repeat(4)} { id } }`)).toMatch(/directives are allowed in one place/);
    expect(refused(`query ${'@aa'.repeat(4)} { me }`)).toMatch(/one place/);
    expect(refused(`{ ${Array.from({ length: 21 }, (_, i) => `a${i}: me @skip(if: false)`).join(' ')} }`)).toMatch(/in a document/);
    expect(refused('{ me @skip(if: false) @include(if: true) { id } }')).toBeNull();
  });
  it('refuse a syntax tree that was not read from text', () => {
    const tree = JSON.parse(JSON.stringify(parse('{ me { subject } }'))) as never;
    expect(() => limitDocument(tree)).toThrow('not a GraphQL document');
  });
  it('never fail otherwise than by refusing', () => {
    const selection = fc.letrec<{ any: string }>((tie) => ({
      any: fc.oneof({ depthSize: 'small' }, fc.constantFrom('a', '...F', '...G', 'b @skip(if: true)'), tie('any').map((s) => `c { ${s} }`), tie('any').map((s) => `... on T { ${s} }`), fc.tuple(tie('any'), tie('any')).map((s) => s.join(' '))),
    })).any;
    fc.assert(fc.property(selection, selection, selection, (a, b, c) => {
      const found = refused(`{ ${a} } fragment F on T { ${b} } fragment G on T { ${c} }`);
      expect(found === null || /levels deep|more than 500|spreads itself|directives/.test(found)).toBe(true);
    }));
  });
  it('hold a text to its length', () => {
    expect(() => limitText(`{ a(b: "${'x'.repeat(20_000)}") }`)).toThrow('at most 20000 characters');
  });
});
