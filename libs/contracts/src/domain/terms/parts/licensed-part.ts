import type { Policy } from '../policy.js';
import { isWhole, type Limit, limitDigest } from './target.js';

/** What of a dataset is licensed: all of it, nothing, or a part with its digest. Pure. */
export function licensedPart({ targets }: Pick<Policy, 'targets'>, datasetId: string): 'WHOLE' | 'NONE' | { readonly limit: Limit; readonly digest: string } {
  const target = targets?.find((t) => t.datasetId === datasetId);
  if (!targets) return 'WHOLE';
  if (!target) return 'NONE';
  const limit = { columns: target.columns, rows: target.rows };
  return isWhole(limit) ? 'WHOLE' : { limit, digest: limitDigest(limit) };
}
