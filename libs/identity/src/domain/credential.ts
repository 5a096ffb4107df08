import { type Currency, DECIMAL_PATTERN, isCurrency, majorUnits, MAX_MINOR, priceTimes } from '#shared';
import { parseRegistryNumber, type RegistryScheme } from './registry-number.js';

export const CREDENTIAL_PURPOSES = ['ORGANISATION_IDENTITY', 'SIGNATORY_MANDATE'] as const;
export type CredentialPurpose = (typeof CREDENTIAL_PURPOSES)[number];
export const MANDATE_MODES = ['ALONE', 'JOINT'] as const;
export type MandateMode = (typeof MANDATE_MODES)[number];

/** Signatures that an issuer may be recognised with: asymmetric ones only, so that a public key can never pass as a shared secret. */
export const CREDENTIAL_ALGORITHMS = ['EdDSA', 'Ed25519', 'ES256', 'ES384', 'ES512', 'PS256'] as const;
/** Signatures of holders' keys. */
export const HOLDER_ALGORITHMS: readonly string[] = ['EdDSA', 'Ed25519', 'ES256', 'ES384', 'ES512'];

/** Where a claim stands in the credential: object keys from the root, as in DCQL. */
export type ClaimPath = readonly string[];

/** A credential type that an issuer is recognised for, and where its facts stand. Only these claims are asked for. */
export interface CredentialType {
  readonly vct: string;
  readonly purpose: CredentialPurpose;
  /** The register that the number is of. */
  readonly scheme: RegistryScheme;
  readonly numberPath: ClaimPath;
  readonly legalNamePath?: ClaimPath | null;
  readonly currencyPath?: ClaimPath | null;
  /** Limit in major units: a decimal string or a whole number. */
  readonly amountPath?: ClaimPath | null;
  /** ALONE or JOINT. */
  readonly modePath?: ClaimPath | null;
  /** A date or an instant; the credential's own expiry when there is none. */
  readonly validUntilPath?: ClaimPath | null;
}

export interface OrganisationClaims {
  readonly purpose: 'ORGANISATION_IDENTITY';
  readonly scheme: RegistryScheme;
  readonly number: string;
  readonly legalName: string;
}
export interface MandateClaims {
  readonly purpose: 'SIGNATORY_MANDATE';
  readonly scheme: RegistryScheme;
  readonly number: string;
  readonly currency: Currency;
  /** Whole minor units, as text. */
  readonly amountMinor: string;
  readonly mode: MandateMode;
  /** RFC 3339. */
  readonly validUntil: string | null;
}
export type CredentialClaims = OrganisationClaims | MandateClaims;

/** The mapping that is not right, or undefined. An organisation's credential needs its name; a mandate its limit and its mode. */
export function mappingProblem(type: CredentialType): string | undefined {
  if (type.purpose === 'ORGANISATION_IDENTITY') return type.legalNamePath ? undefined : 'legalNamePath';
  if (!type.currencyPath) return 'currencyPath';
  if (!type.amountPath) return 'amountPath';
  return type.modePath ? undefined : 'modePath';
}

/** Every claim that is asked of a wallet for this type: data minimisation. */
export function claimsNeeded(type: CredentialType): ClaimPath[] {
  const paths = type.purpose === 'ORGANISATION_IDENTITY' ? [type.numberPath, type.legalNamePath] : [type.numberPath, type.currencyPath, type.amountPath, type.modePath, type.validUntilPath];
  return paths.filter((p): p is ClaimPath => Boolean(p));
}

/** The facts of a credential, or undefined where one is missing or is not of its form. */
export function readClaims(type: CredentialType, payload: unknown): CredentialClaims | undefined {
  const number = textAt(payload, type.numberPath, 60);
  const parsed = number === undefined ? undefined : parseRegistryNumber(type.scheme, number);
  if (!parsed) return undefined;
  const base = { scheme: type.scheme, number: parsed.value };
  if (type.purpose === 'ORGANISATION_IDENTITY') {
    const legalName = textAt(payload, type.legalNamePath, 200);
    return legalName === undefined ? undefined : { purpose: type.purpose, ...base, legalName };
  }
  const currency = textAt(payload, type.currencyPath, 3)?.toUpperCase();
  const amountMinor = currency !== undefined && isCurrency(currency) ? minorUnits(valueAt(payload, type.amountPath), currency) : undefined;
  const mode = MANDATE_MODES.find((m) => m === textAt(payload, type.modePath, 10)?.toUpperCase());
  const until = type.validUntilPath ? instantOf(valueAt(payload, type.validUntilPath)) : null;
  if (amountMinor === undefined || !mode || until === undefined) return undefined;
  return { purpose: type.purpose, ...base, currency: currency as Currency, amountMinor: amountMinor.toString(), mode, validUntil: until?.toISOString() ?? null };
}

function valueAt(value: unknown, path: ClaimPath | null | undefined): unknown {
  if (!path) return undefined;
  let at = value;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<string, unknown>)[key];
  }
  return at;
}

/** A text that a register or a person can read: short, well-formed, not blank. */
function textAt(value: unknown, path: ClaimPath | null | undefined, longest: number): string | undefined {
  const text = valueAt(value, path);
  if (typeof text !== 'string' || text.length > longest || !text.isWellFormed() || text.includes('\u0000')) return undefined;
  return text.trim() ? text.normalize('NFC').trim() : undefined;
}

/** A limit that has more places than its currency is no limit of that currency: it is refused, not rounded. */
function minorUnits(value: unknown, currency: Currency): bigint | undefined {
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  if (typeof text !== 'string' || !DECIMAL_PATTERN.test(text)) return undefined;
  const [whole = '0', fraction = ''] = text.split('.');
  if (BigInt(whole) >= MAX_MINOR / 1_000n) return undefined;
  const { minor } = priceTimes(text, 1n, currency);
  const places = majorUnits({ minor, currency }).split('.')[1] ?? '';
  return minor > 0n && fraction.replace(/0+$/, '').length <= places.length ? minor : undefined;
}

const INSTANT = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}:\d{2}(\.\d{1,3})?(Z|[+-]\d{2}:\d{2}))?$/;
/** The last second of the year 9999. */
const LAST_SECOND = 253_402_300_799;

/** A date alone ends with its day, UTC; one that is in no calendar is none. */
function instantOf(value: unknown): Date | undefined {
  if (typeof value === 'number') return numericDate(value);
  const [, date, time] = (typeof value === 'string' && INSTANT.exec(value)) || [];
  const day = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(day.getTime()) || !day.toISOString().startsWith(date!)) return undefined;
  const at = new Date(`${date}${time ?? 'T23:59:59.999Z'}`);
  return Number.isNaN(at.getTime()) ? undefined : at;
}

/** NumericDate of RFC 7519, or undefined where it is none. */
export const numericDate = (value: unknown): Date | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 && value <= LAST_SECOND ? new Date(value * 1000) : undefined;

