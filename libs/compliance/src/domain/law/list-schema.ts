import { isCountry, isSubdivision } from '#shared';
import { CONFIDENCES } from './in-force.js';
import { type LawList, LIST_TYPES, RECOGNISED_FOR, RECOGNISED_PLACES } from './lists.js';
import type { Reader } from './reader.js';

const SCHEME = /^[A-Z][A-Z0-9_]{1,39}$/;
const WORD = /^[a-z][a-z0-9_]{0,59}$/;
const ENTRY = ['effectiveFrom', 'effectiveTo', 'citation', 'confidence'] as const;

/** Notes every place where data is not a list; answers the list where there is none. */
export function readList(read: Reader, data: Record<string, unknown>, path: string): LawList | null {
  const head = ['kind', 'type', 'id', 'version', 'title'];
  read.oneOf(data['type'], `${path}.type`, LIST_TYPES);
  read.text(data['title'], `${path}.title`);
  switch (data['type']) {
    case 'zone': zone(read, read.object(data, path, [...head, ...ENTRY, 'role', 'area', 'zones', 'sectors', 'items']), path); break;
    case 'countries': entries(read, data, path, head, ['code', 'note'], (e, at) => { country(read, e['code'], `${at}.code`); read.textOrNull(e['note'], `${at}.note`); }, (e) => `${String(e['code'])} from ${String(e['effectiveFrom'])}`); break;
    case 'thresholds': entries(read, data, path, head, ['category', 'moreThan'], (e, at) => { read.check(e['category'], `${at}.category`, (w) => WORD.test(w), 'must be a word in lower case'); read.count(e['moreThan'], `${at}.moreThan`); }, (e) => `${String(e['category'])} from ${String(e['effectiveFrom'])}`); break;
    case 'recognition': entries(read, data, path, head, ['jurisdiction', 'scheme', 'for', 'place', 'grantedIn'], (e, at) => {
      read.check(e['jurisdiction'], `${at}.jurisdiction`, (c) => c === 'EU' || isCountry(c), 'must be an ISO 3166-1 alpha-2 code or EU');
      read.check(e['scheme'], `${at}.scheme`, (s) => SCHEME.test(s), 'must be a word in upper case');
      read.oneOf(e['for'], `${at}.for`, RECOGNISED_FOR);
      read.oneOf(e['place'], `${at}.place`, RECOGNISED_PLACES);
      read.list(e['grantedIn'], `${at}.grantedIn`, (c, inner) => country(read, c, inner), 1);
      if (Array.isArray(e['grantedIn'])) read.unique(e['grantedIn'], `${at}.grantedIn`);
    }, (e) => `${String(e['jurisdiction'])} ${String(e['scheme'])} ${String(e['for'])} from ${String(e['effectiveFrom'])}`); break;
    default: break;
  }
  return read.problems.length ? null : (data as unknown as LawList);
}

function entries(read: Reader, data: Record<string, unknown>, path: string, head: readonly string[], keys: readonly string[], each: (entry: Record<string, unknown>, path: string) => void, name: (entry: Record<string, unknown>) => string): void {
  const list = read.object(data, path, [...head, 'entries']);
  const names: string[] = [];
  read.list(list['entries'], `${path}.entries`, (value, at) => {
    const entry = read.object(value, at, [...keys, ...ENTRY]);
    dated(read, entry, at);
    each(entry, at);
    names.push(name(entry));
  }, 1);
  read.unique(names, `${path}.entries`);
}

function zone(read: Reader, list: Record<string, unknown>, path: string): void {
  dated(read, list, path);
  read.oneOf(list['role'], `${path}.role`, ['negative', 'general']);
  read.check(list['area'], `${path}.area`, isSubdivision, 'must be an ISO 3166-2 code');
  if (list['zones'] !== null) read.list(list['zones'], `${path}.zones`, (z, at) => word(read, z, at), 1);
  read.list(list['sectors'], `${path}.sectors`, (s, at) => word(read, s, at), 1);
  if (list['items'] === null) return;
  read.list(list['items'], `${path}.items`, (value, at) => {
    const item = read.object(value, at, ['id', 'sector', 'text', 'important', 'tier']);
    read.text(item['id'], `${at}.id`);
    word(read, item['sector'], `${at}.sector`);
    read.text(item['text'], `${at}.text`);
    read.flag(item['important'], `${at}.important`);
    read.textOrNull(item['tier'], `${at}.tier`);
  });
}

function dated(read: Reader, entry: Record<string, unknown>, path: string): void {
  read.inForce(entry, path);
  read.text(entry['citation'], `${path}.citation`);
  read.oneOf(entry['confidence'], `${path}.confidence`, CONFIDENCES);
}
const country = (read: Reader, value: unknown, path: string): void => read.check(value, path, isCountry, 'must be an ISO 3166-1 alpha-2 code');
const word = (read: Reader, value: unknown, path: string): void => read.check(value, path, (w) => WORD.test(w), 'must be a word in lower case');
