import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCKS, type Tx } from '#shared';


/** Which organisation has tried which product. */
@Injectable()
export class TrialRepository {
  /** Whoever asks the same at once waits for the answer's transaction. */
  async hasTried(tx: Tx, buyerId: string, productId: string): Promise<boolean> {
    await tx.query('select pg_advisory_xact_lock($1, hashtext($2))', [ADVISORY_LOCKS.trials, `${buyerId} ${productId}`]);
    const rows = (await tx.query('select 1 from contracts.trial where buyer_id = $1 and product_id = $2', [buyerId, productId])) as unknown[];
    return rows.length > 0;
  }

  async note(tx: Tx, trial: { readonly buyerId: string; readonly productId: string; readonly agreementId: string; readonly at: Date }): Promise<void> {
    await tx.query('insert into contracts.trial (buyer_id, product_id, agreement_id, begun_at) values ($1, $2, $3, $4)', [trial.buyerId, trial.productId, trial.agreementId, trial.at]);
  }
}
