/** Listings are counted; the index knows in which stretch of the count each product stands: of 2^10 by its number, of 2^15 by its number below zero, so that both are of one kind. */
const SHORT = 10n;
const LONG = 15n;
/** More of them cost more than they spare. */
const MOST_STRETCHES = 80;

/** The stretches that hold every product listed after `above` and up to `upTo`, and few more. Null: too many. The expression of the index `product_search_document` is the same in SQL. */
export function stretchesOf(above: bigint, upTo: bigint): bigint[] | null {
  const found: bigint[] = [];
  for (let seq = above + 1n; seq <= upTo;) {
    const long = seq >> LONG << LONG === seq && seq + (1n << LONG) - 1n <= upTo;
    found.push(long ? -1n - (seq >> LONG) : seq >> SHORT);
    seq = long ? seq + (1n << LONG) : ((seq >> SHORT) + 1n) << SHORT;
    if (found.length > MOST_STRETCHES) return null;
  }
  return found;
}
