export const ANSWERERS = ['VENDOR', 'ASSESSOR', 'REVIEWER'] as const;
export type Answerer = (typeof ANSWERERS)[number];
type Texts = Readonly<Record<string, string>>;

export interface ChecklistItem {
  readonly code: string;
  readonly text: Texts;
  readonly answeredBy: Answerer;
  readonly requiredAtSubmit: boolean;
  /** Law, standard or contract that stands behind it. */
  readonly source: string;
}
export interface PackMeter {
  readonly code: string;
  /** UCUM. */
  readonly unit: string;
  readonly description: Texts;
}
/** What data of one scenario has to say of itself, what is usually licensed of it, what is asked of it and what of it is counted. */
export interface ScenarioPack {
  readonly id: string;
  readonly version: string;
  readonly title: Texts;
  readonly description: Texts;
  /** JSON Schema 2020-12. */
  readonly metadata: object;
  /** A template of licence terms: an ODRL 2.2 policy. */
  readonly rights: { readonly template: string; readonly policy: object };
  readonly checklist: readonly ChecklistItem[];
  readonly meters: readonly PackMeter[];
}

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const isTexts = (value: unknown): boolean => isObject(value) && ['en', 'zh'].every((language) => typeof value[language] === 'string' && /\S/.test(value[language]));
const isCode = (value: unknown): boolean => typeof value === 'string' && /^[a-z][a-z0-9_-]{1,39}$/.test(value);
const SCHEMA = 'https://json-schema.org/draft/2020-12/schema';
const KEYS = new Set(['id', 'version', 'title', 'description', 'metadata', 'rights', 'checklist', 'meters']);

/** Reads a pack; throws with the file and each place that is wrong. */
export function parsePack(name: string, data: unknown): ScenarioPack {
  const problems: string[] = [];
  const refuse = (when: boolean, path: string, why: string): void => void (when && problems.push(`${path}: ${why}`));
  if (!isObject(data)) throw new Error(`${name} $: an object`);
  for (const key of Object.keys(data)) refuse(!KEYS.has(key), `$.${key}`, 'no such member');
  const { id, version, title, description, metadata, rights, checklist, meters } = data;
  refuse(!isCode(id), '$.id', 'small letters, digits and hyphens');
  refuse(typeof version !== 'string' || !/^\d{1,4}\.\d{1,4}\.\d{1,4}$/.test(version), '$.version', 'three numbers: 1.0.0');
  refuse(!isTexts(title), '$.title', 'texts in en and zh');
  refuse(!isTexts(description), '$.description', 'texts in en and zh');
  refuse(!isObject(metadata) || metadata['$schema'] !== SCHEMA || metadata['type'] !== 'object', '$.metadata', `a JSON Schema 2020-12 of an object: $schema is ${SCHEMA}`);
  refuse(!isObject(rights) || !isCode(rights['template']) || !isObject(rights['policy']), '$.rights', 'a template and its policy');
  checkList(checklist, '$.checklist', refuse, (item, path) => {
    refuse(!isTexts(item['text']), `${path}.text`, 'texts in en and zh');
    refuse(!(ANSWERERS as readonly unknown[]).includes(item['answeredBy']), `${path}.answeredBy`, `one of ${ANSWERERS.join(', ')}`);
    refuse(typeof item['requiredAtSubmit'] !== 'boolean' || (item['requiredAtSubmit'] && item['answeredBy'] !== 'VENDOR'), `${path}.requiredAtSubmit`, 'true or false; the vendor alone answers before a product is handed in');
    refuse(typeof item['source'] !== 'string' || item['source'] === '', `${path}.source`, 'what stands behind it');
  });
  checkList(meters, '$.meters', refuse, (meter, path) => {
    refuse(typeof meter['unit'] !== 'string' || meter['unit'] === '', `${path}.unit`, 'a UCUM unit');
    refuse(!isTexts(meter['description']), `${path}.description`, 'texts in en and zh');
  });
  if (problems.length) throw new Error(`${name} ${problems.join('; ')}`);
  return data as unknown as ScenarioPack;
}

function checkList(value: unknown, path: string, refuse: (when: boolean, path: string, why: string) => void, each: (item: Json, path: string) => void): void {
  if (!Array.isArray(value) || value.length === 0 || value.length > 100) return refuse(true, path, 'from 1 to 100');
  refuse(new Set(value.map((v: unknown) => (isObject(v) ? v['code'] : undefined))).size !== value.length, path, 'each code once');
  value.forEach((item: unknown, i) => {
    const at = `${path}.${i}`;
    if (!isObject(item)) return refuse(true, at, 'an object');
    refuse(!isCode(item['code']), `${at}.code`, 'small letters, digits, hyphens and low lines');
    each(item, at);
  });
}
