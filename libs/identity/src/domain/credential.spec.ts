import fc from 'fast-check';
import { type CredentialType, claimsNeeded, mappingProblem, numericDate, readClaims } from './credential.js';
import { dcqlQuery } from './credential-issuer.js';

const COMPANY: CredentialType = { vct: 'c', purpose: 'ORGANISATION_IDENTITY', scheme: 'UEN', numberPath: ['entity', 'uen'], legalNamePath: ['name'] };
const MANDATE: CredentialType = { vct: 'm', purpose: 'SIGNATORY_MANDATE', scheme: 'UEN', numberPath: ['uen'], currencyPath: ['currency'], amountPath: ['limit'], modePath: ['mode'], validUntilPath: ['until'] };
const SIGNATORY = { uen: '197401143C', currency: 'sgd', limit: '250000.00', mode: 'joint', until: '2027-01-31' };
const mandate = (over: object): unknown => readClaims(MANDATE, { ...SIGNATORY, ...over });

describe('the claims of a credential', () => {
  it('are found by the mapping and normalised', () => {
    expect(readClaims(COMPANY, { entity: { uen: ' 197401143c ' }, name: 'Straits ' })).toEqual({ purpose: 'ORGANISATION_IDENTITY', scheme: 'UEN', number: '197401143C', legalName: 'Straits' });
    expect(mandate({})).toEqual({ purpose: 'SIGNATORY_MANDATE', scheme: 'UEN', number: '197401143C', currency: 'SGD', amountMinor: '25000000', mode: 'JOINT', validUntil: '2027-01-31T23:59:59.999Z' });
    expect(mandate({ limit: 5, currency: 'JPY', until: 1_800_000_000 })).toMatchObject({ amountMinor: '5', validUntil: '2027-01-15T08:00:00.000Z' });
    expect(mandate({ limit: '1.50', currency: 'KWD', until: '2027-01-31T08:00:00+08:00' })).toMatchObject({ amountMinor: '1500', validUntil: '2027-01-31T00:00:00.000Z' });
  });
  it.each([
    { limit: '1.005' }, { limit: '0' }, { limit: '-5' }, { limit: 1.5 }, { limit: '1e9' }, { limit: ' 5' }, { limit: null }, { limit: '999999999999999' }, { limit: '0.004' }, { currency: 'XXX' }, { currency: 1 }, { currency: 'constructor' },
    { mode: 'SOMETIMES' }, { mode: true }, { uen: '12' }, { uen: 197401143 }, { until: '2026-02-31' }, { until: 'tomorrow' }, { until: -1 }, { until: 1e30 }, { until: '2026-02-31T00:00:00Z' }, { until: {} }, { limit: '1.5', currency: 'JPY' },
  ])('are none with %j', (over) => expect(mandate(over)).toBeUndefined());
  it('are read from what is there, never from what an object inherits', () => {
    expect(readClaims({ ...COMPANY, legalNamePath: ['constructor', 'name'] }, { entity: { uen: '197401143C' } })).toBeUndefined();
    expect(readClaims({ ...COMPANY, legalNamePath: ['__proto__', 'x'] }, { entity: { uen: '197401143C' } })).toBeUndefined();
  });
  it('are undefined or whole, for any content whatever', () => {
    fc.assert(fc.property(fc.record({ uen: fc.oneof(fc.jsonValue(), fc.constant('197401143C')), currency: fc.oneof(fc.jsonValue(), fc.constant('SGD')), limit: fc.oneof(fc.jsonValue(), fc.constant('5')), mode: fc.oneof(fc.jsonValue(), fc.constant('ALONE')), until: fc.jsonValue() }), (content) => {
      const claims = readClaims(MANDATE, content);
      if (claims) expect(claims).toMatchObject({ number: '197401143C', currency: 'SGD', mode: 'ALONE' });
      expect(readClaims(COMPANY, content)).toBeUndefined();
    }));
    fc.assert(fc.property(fc.anything(), (content) => expect(readClaims(MANDATE, content)).toBeUndefined()));
    fc.assert(fc.property(fc.oneof(fc.double(), fc.anything()), (value) => { expect(Number.isNaN(numericDate(value)?.getTime() ?? 0)).toBe(false); }));
  });
  it('are asked for by type, and no others', () => {
    expect(claimsNeeded(COMPANY)).toEqual([['entity', 'uen'], ['name']]);
    const issuer = { types: [COMPANY, MANDATE] };
    expect(dcqlQuery([issuer, issuer], 'ORGANISATION_IDENTITY', claimsNeeded)).toEqual({
      credentials: [{ id: 'c0', format: 'dc+sd-jwt', meta: { vct_values: ['c'] }, claims: [{ path: ['entity', 'uen'] }, { path: ['name'] }] }], credential_sets: [{ options: [['c0']] }],
    });
    expect([mappingProblem(COMPANY), mappingProblem(MANDATE), mappingProblem({ ...COMPANY, legalNamePath: null }), mappingProblem({ ...MANDATE, modePath: null })]).toEqual([undefined, undefined, 'legalNamePath', 'modePath']);
  });
});
