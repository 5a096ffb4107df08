import { Injectable } from '@nestjs/common';
import { type Currency, Database, money, type Tx } from '#shared';
import type { Reversal, ReversalCause } from '../domain/reversal.js';

interface Stored extends Record<string, unknown> {
  id: string; tradeId: string; vendorId: string; buyerId: string; cause: ReversalCause; reason: string; currency: Currency; netMinor: string; taxMinor: string; commissionMinor: string; commissionTaxMinor: string;
  afterClearing: boolean; clawbackMinor: string; madeBy: string; madeAt: Date;
}

const COLUMNS = `id, trade_id as "tradeId", vendor_id as "vendorId", buyer_id as "buyerId", cause, reason, currency, net_minor as "netMinor", tax_minor as "taxMinor", commission_minor as "commissionMinor",
  commission_tax_minor as "commissionTaxMinor", after_clearing as "afterClearing", clawback_minor as "clawbackMinor", made_by as "madeBy", made_at as "madeAt"`;
const BY_ID = { name: 'settlement.reversal-by-id', text: `select ${COLUMNS} from settlement.reversal where id = $1` };
const OF_TRADES = { name: 'settlement.reversals-of-trades', text: `select ${COLUMNS} from settlement.reversal where trade_id = any($1::uuid[]) order by id` };
/** What the vendor owes beyond what he was taken back for later: whatever he repays pays the oldest first. */
const COVERED = `select coalesce((select -g.owed_minor from settlement.account a join settlement.guarded_balance g on g.account_id = a.id where a.owner_id = $1 and a.kind = 'VENDOR_RECEIVABLE' and a.qualifier = '' and a.currency = $2), 0)
    <= coalesce((select sum(clawback_minor) from settlement.reversal where vendor_id = $1 and currency = $2 and clawback_minor > 0 and id > $3), 0) as covered`;

@Injectable()
export class ReversalRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Tx, r: Reversal): Promise<void> {
    await tx.query(
      `insert into settlement.reversal (id, trade_id, vendor_id, buyer_id, cause, reason, currency, net_minor, tax_minor, commission_minor, commission_tax_minor, after_clearing, clawback_minor, made_by, made_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
      [r.id, r.tradeId, r.vendorId, r.buyerId, r.cause, r.reason, r.net.currency, r.net.minor, r.tax.minor, r.commission.minor, r.commissionTax.minor, r.afterClearing, r.clawback.minor, r.madeBy, r.madeAt],
    );
  }

  async byId(id: string): Promise<Reversal | null> {
    return (await this.database.query<Stored>(BY_ID, [id])).map(toReversal)[0] ?? null;
  }

  /** Oldest first. */
  async ofTrades(tradeIds: readonly string[]): Promise<Map<string, Reversal[]>> {
    const found = new Map<string, Reversal[]>(tradeIds.map((id) => [id, []]));
    for (const row of await this.database.query<Stored>(OF_TRADES, [tradeIds])) found.get(row.tradeId)!.push(toReversal(row));
    return found;
  }

  /** Whether the vendor has given back by now what he owes of this reversal. */
  async covered(tx: Tx, { id, vendorId, net, clawback }: Reversal): Promise<boolean> {
    if (clawback.minor === 0n) return true;
    const [row] = (await tx.query(COVERED, [vendorId, net.currency, id])) as [{ covered: boolean }];
    return row.covered;
  }
}

function toReversal({ currency, netMinor, taxMinor, commissionMinor, commissionTaxMinor, clawbackMinor, ...row }: Stored): Reversal {
  const amount = (minor: string) => money(BigInt(minor), currency);
  return { ...row, net: amount(netMinor), tax: amount(taxMinor), commission: amount(commissionMinor), commissionTax: amount(commissionTaxMinor), clawback: amount(clawbackMinor) };
}
