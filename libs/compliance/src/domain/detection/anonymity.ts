import { findingOf, type TableInspection } from './inspect-table.js';
import { isComplete } from './profile.js';
import type { Anonymity } from './proposal.js';

/** The k of k-anonymity over the columns that single people out together; null where there are not two of them. */
export function anonymityOf({ profile, columns }: TableInspection): Anonymity | null {
  const quasi = columns.filter((c) => findingOf(c, 'quasi'));
  if (quasi.length < 2 || profile.sample.length === 0) return null;
  const groups = new Map<string, number>();
  for (let row = 0; row < profile.sample.length; row++) {
    const key = JSON.stringify(quasi.map((c) => c.values[row]?.bare ?? null));
    groups.set(key, (groups.get(key) ?? 0) + 1);
  }
  const k = Math.min(...groups.values());
  return { table: profile.name, columns: quasi.map((c) => c.name), k, groups: groups.size, exact: isComplete(profile) && quasi.every((c) => c.values.length === profile.rows) };
}
