/** Walks through unknown data and notes every place that is not as it must be, so that one look shows all of them. */
export class Reader {
  readonly problems: string[] = [];

  note(path: string, message: string): void {
    this.problems.push(`${path}: ${message}`);
  }

  /** An object with these keys, no more and no fewer; an empty one after a problem. */
  object(value: unknown, path: string, keys: readonly string[]): Record<string, unknown> {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.note(path, 'must be an object');
      return {};
    }
    for (const key of keys) if (!Object.hasOwn(value, key)) this.note(`${path}.${key}`, 'is missing');
    for (const key of Object.keys(value)) if (!keys.includes(key)) this.note(`${path}.${key}`, 'is not known');
    return value as Record<string, unknown>;
  }

  list(value: unknown, path: string, each: (item: unknown, path: string) => void, least = 0): void {
    if (!Array.isArray(value)) return this.note(path, 'must be a list');
    if (value.length < least) this.note(path, `must have at least ${least}`);
    value.forEach((item, index) => each(item, `${path}[${index}]`));
  }

  text(value: unknown, path: string): string {
    if (typeof value === 'string' && value.trim() !== '') return value;
    this.note(path, 'must be a text');
    return '';
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

  unique(ids: readonly unknown[], path: string): void {
    for (const id of new Set(ids.filter((x, i) => ids.indexOf(x) !== i))) this.note(path, `${String(id)} stands there twice`);
  }
}
