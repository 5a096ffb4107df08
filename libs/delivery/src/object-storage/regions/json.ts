export type Json = Readonly<Record<string, unknown>>;

/** A word that is not known may be a misspelt one: a region or channel must not silently be more open than was meant. */
export function strangers(item: Json, known: readonly string[], at: string, wrong: string[]): void {
  for (const name of Object.keys(item)) if (!known.includes(name)) wrong.push(`${at}: ${/key|secret|token|password/i.test(name) ? 'credentials stand in a file of their own (credentialsFile)' : `${name} is not known`}`);
}
