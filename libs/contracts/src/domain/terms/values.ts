import { isCountry, isSubdivision } from '#shared';
import { parseDuration } from '../pricing/duration.js';
import { PARTIES } from './policy.js';
import { purposeCode, purposeIri } from './purposes.js';
import type { OperandKind } from './vocabulary.js';

const PLACE = 'urn:iso:std:iso:3166:';
const PARTY = 'urn:entrepot:party:';
const CHANNEL = 'urn:entrepot:channel:';
/** Who can fetch what is delivered: whoever holds the token; only networks, or only holders of client certificates, that the buyer registered. */
export const CHANNEL_KINDS = ['public', 'networks', 'mutual-tls'] as const;
export type ChannelKind = (typeof CHANNEL_KINDS)[number];
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?(Z|[+-]\d{2}:\d{2})$/;
const COUNT = /^[1-9]\d{0,11}$/;
const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,60}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,60}$/;

const strip = (text: string, prefix: string): string => (text.startsWith(prefix) ? text.slice(prefix.length) : text);

interface Form {
  /** The value as the exchange keeps it; null where it is none. */
  readonly read: (text: string) => string | null;
  /** As a value of ODRL. */
  readonly write: (value: string) => unknown;
  readonly expected: string;
}
const literal = (type: string) => (value: string) => ({ '@value': value, '@type': `xsd:${type}` });
const party = (text: string): string | null => {
  const known = strip(text, PARTY);
  if ((PARTIES as readonly string[]).includes(known)) return known;
  const id = strip(text, 'urn:uuid:').toLowerCase();
  return UUID.test(id) ? id : null;
};
const instant = (text: string): string | null => {
  if (!INSTANT.test(text)) return null;
  const at = new Date(text);
  // 2026-02-31 would become 3 March: what is read back in the same place must be what was written.
  return Number.isNaN(at.getTime()) || !sameDay(text, at) ? null : at.toISOString();
};
function sameDay(text: string, at: Date): boolean {
  const offset = /([+-])(\d{2}):(\d{2})$/.exec(text);
  const minutes = offset ? (offset[1] === '-' ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3])) : 0;
  return new Date(at.getTime() + minutes * 60_000).toISOString().slice(0, 10) === text.slice(0, 10);
}

/** How the values of each kind of operand are read and written. */
export const FORMS: Readonly<Record<OperandKind, Form>> = {
  PURPOSE: { read: purposeCode, write: (v) => ({ '@id': purposeIri(v) }), expected: 'a purpose such as RESEARCH, or one of the Data Privacy Vocabulary that is known here' },
  PLACE: {
    read: (text) => { const code = strip(strip(strip(text, PLACE), '-1:'), '-2:'); return isCountry(code) || isSubdivision(code) ? code : null; },
    write: (v) => ({ '@id': `${PLACE}-${v.includes('-') ? 2 : 1}:${v}` }), expected: 'an ISO 3166-1 alpha-2 or 3166-2 code',
  },
  PARTY: { read: party, write: (v) => ({ '@id': UUID.test(v) ? `urn:uuid:${v}` : `${PARTY}${v}` }), expected: `the UUID of an organisation, or ${PARTIES.join(' or ')}` },
  INSTANT: { read: instant, write: literal('dateTime'), expected: 'an instant with its zone, such as 2027-01-31T00:00:00Z' },
  DURATION: { read: (text) => (parseDuration(text) ? text : null), write: literal('duration'), expected: 'an ISO 8601 duration of months and years, or of days and weeks, such as P30D' },
  COUNT: { read: (text) => (COUNT.test(text) ? text : null), write: literal('integer'), expected: 'a whole number from 1' },
  MEDIA_TYPE: { read: (text) => { const type = text.toLowerCase(); return MEDIA_TYPE.test(type) ? type : null; }, write: (v) => v, expected: 'a media type such as text/csv' },
  CHANNEL: { read: (text) => CHANNEL_KINDS.find((k) => k === strip(text, CHANNEL)) ?? null, write: (v) => ({ '@id': `${CHANNEL}${v}` }), expected: `a kind of delivery channel: ${CHANNEL_KINDS.join(', ')}` },
};
