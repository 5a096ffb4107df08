import { Grouped } from '../grouped.js';
import { asExchange } from '../request-scope.js';

/** More at once are read in several statements. */
const AT_ONCE = 200;
/** Whoever comes while a look-up runs waits so long for others: it adds nothing where few ask, and where many do a statement serves more of them. */
const GATHER_MS = 1;

/**
 * Look-ups of one kind that requests make in the same turn of the event loop, or while one is under way, as one statement of the exchange: under load the round
 * trips to the database cost more than what they fetch. Nothing is kept, so each is answered with what was read after it was asked.
 * One that the database cannot read fails those beside it: whoever asks looks at the key first.
 */
export function gather<K, V>(load: (keys: readonly K[]) => Promise<Map<number, V>>): (key: K) => Promise<V | null> {
  const grouped = new Grouped<K, V | null>(
    (keys) => asExchange(async () => {
      const found = await load(keys);
      return keys.map((_, i) => found.get(i) ?? null);
    }),
    { most: AT_ONCE, gatherMs: GATHER_MS, failTogether: true },
  );
  return (key) => grouped.add(key);
}
