import fc from 'fast-check';
import { newId } from '#shared';
import { creationOf } from './tus-fields.js';

const id = newId();
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const create = (over: Record<string, string>): ReturnType<typeof creationOf> => creationOf({ 'upload-length': '7', 'upload-metadata': `filename ${base64('a.csv')},assetId ${base64(id)}`, ...over });

describe('the fields of a creation', () => {
  it('name the asset and the length', () => {
    expect(create({})).toEqual({ assetId: id, byteLength: 7, partial: false });
    expect(create({ 'upload-concat': 'partial' })).toEqual({ assetId: id, byteLength: 7, partial: true });
  });
  it('name the parts, by address or path', () => {
    expect(create({ 'upload-concat': `final;https://exchange.example/v1/uploads/${id} /v1/uploads/${id}` })).toEqual({ parts: [id, id] });
  });
  it.each<Record<string, string>>([
    { 'upload-length': '' }, { 'upload-length': '0' }, { 'upload-length': '-1' }, { 'upload-length': '1e3' }, { 'upload-length': '9'.repeat(16) }, { 'upload-metadata': '' }, { 'upload-metadata': 'assetId' },
    { 'upload-metadata': 'assetId !' }, { 'upload-metadata': `assetId ${base64('../etc')}` }, { 'upload-metadata': `ASSETID ${base64(id)}` }, { 'upload-concat': 'final;' }, { 'upload-concat': 'final' }, { 'upload-concat': 'whole' },
    { 'upload-concat': 'final;https://x/y' }, { 'upload-concat': `final;${Array.from({ length: 101 }, () => `/v1/uploads/${id}`).join(' ')}` },
  ])('are refused: %j', (over) => {
    expect(create(over)).toHaveProperty('problem');
  });

  it('whatever they say, are an upload of a length, parts or a problem', () => {
    const field = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.constantFrom('1', `assetId ${base64(id)}`, `a b,assetId ${base64(id)}`, 'assetId', 'partial', 'final;', `final;${id}`, `final;${id} ${id}`, '__proto__ x'));
    fc.assert(fc.property(fc.record({ 'upload-length': field, 'upload-metadata': field, 'upload-concat': field }, { requiredKeys: [] }), (fields) => {
      const creation = creationOf(fields);
      if ('byteLength' in creation) expect([Number.isSafeInteger(creation.byteLength) && creation.byteLength > 0, creation.assetId]).toEqual([true, id]);
      else if ('parts' in creation) expect(creation.parts.every((part) => part === id)).toBe(true);
      else expect(creation.problem).not.toBe('');
    }), { numRuns: 1_000 });
  });
});
