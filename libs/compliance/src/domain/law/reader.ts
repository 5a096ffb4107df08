import { isDay } from '#shared';

/** Walks through unknown data and notes every place that is not as it must be, so that one look shows all of them. */
export class Reader {
  readonly problems: string[] = [];

  note(path: string, message: string): void {
    this.problems.push(`${path}: ${message}`);
  }

  /** An object with these keys, no more and no fewer but for the optional ones; an empty one after a problem. */
  object(value: unknown, path: string, keys: readonly string[], optional: readonly string[] = []): Record<string, unknown> {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.note(path, 'must be an object');
      return {};
    }
    for (const key of keys) if (!Object.hasOwn(value, key)) this.note(`${path}.${key}`, 'is missing');
    for (const key of Object.keys(value)) if (!keys.includes(key) && !optional.includes(key)) this.note(`${path}.${key}`, 'is not known');
    return value as Record<string, unknown>;
  }

  list(value: unknown, path: string, each: (item: unknown, path: string) => void, least = 0, most = 5_000): void {
    if (!Array.isArray(value)) return this.note(path, 'must be a list');
    if (value.length < least) this.note(path, `must have at least ${least}`);
    if (value.length > most) return this.note(path, `must have at most ${most}`);
    value.forEach((item, index) => each(item, `${path}[${index}]`));
  }

  /** An object whose keys are words; each value is looked at. */
  dictionary(value: unknown, path: string, each: (item: unknown, path: string) => void): void {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return this.note(path, 'must be an object');
    for (const [key, item] of Object.entries(value)) {
      if (!WORD.test(key)) this.note(`${path}.${key}`, 'must be a word');
      each(item, `${path}.${key}`);
    }
  }

  text(value: unknown, path: string): string {
    if (typeof value === 'string' && value.trim() !== '' && value.length <= MOST_CHARACTERS) return value;
    this.note(path, `must be a text of at most ${MOST_CHARACTERS} characters`);
    return '';
  }

  textOrNull(value: unknown, path: string): void {
    if (value !== null) this.text(value, path);
  }

  check(value: unknown, path: string, form: (text: string) => boolean, message: string): void {
    const text = this.text(value, path);
    if (text && !form(text)) this.note(path, message);
  }

  oneOf(value: unknown, path: string, values: readonly string[]): void {
    this.check(value, path, (text) => values.includes(text), `must be one of ${values.join(', ')}`);
  }

  flag(value: unknown, path: string): void {
    if (typeof value !== 'boolean') this.note(path, 'must be true or false');
  }

  count(value: unknown, path: string): void {
    if (!Number.isSafeInteger(value) || (value as number) < 0) this.note(path, 'must be a whole number from 0');
  }

  /** The days between which an entry holds. */
  inForce(entry: Record<string, unknown>, path: string): void {
    this.check(entry['effectiveFrom'], `${path}.effectiveFrom`, isDay, 'must be a day, YYYY-MM-DD');
    if (entry['effectiveTo'] === null) return;
    this.check(entry['effectiveTo'], `${path}.effectiveTo`, (to) => isDay(to) && to > String(entry['effectiveFrom']), 'must be null or a day after effectiveFrom');
  }

  unique(ids: readonly unknown[], path: string): void {
    for (const id of new Set(ids.filter((x, i) => ids.indexOf(x) !== i))) this.note(path, `${String(id)} stands there twice`);
  }
}

const MOST_CHARACTERS = 5_000;

const WORD = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,59}$/;
