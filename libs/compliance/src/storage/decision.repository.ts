import { Injectable } from '@nestjs/common';
import { Database, decodeJson, encodeJson, prepared, type Tx } from '#shared';
import type { Decision, DecisionReason, Filing, Stage } from '../domain/decision.js';
import type { Outcome } from '../domain/law/rulebook.js';
import type { DecisionFacts } from '../domain/transfer.js';

interface Row {
  id: string; exporter_id: string; recipient_id: string | null; object_id: string; stage: Stage; prior_decision_id: string | null; outcome: Outcome; permitted: boolean;
  mechanisms: string[]; filings: Filing[]; obligations: string[]; reasons: DecisionReason[]; considered: string[]; needs: string[][]; missing: string[]; facts: string;
  facts_hash: string; rulebook_hash: string; as_of: Date; decided_at: Date;
}

const BY_IDS = {
  name: 'compliance.decisions-by-ids',
  text: `select id, exporter_id, recipient_id, object_id, stage, prior_decision_id, outcome, permitted, mechanisms, filings, obligations, reasons, considered, needs, missing,
         facts::text as facts, facts_hash, rulebook_hash, as_of, decided_at from compliance.decision where id = any($1::uuid[])`,
};

@Injectable()
export class DecisionRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Tx, d: Decision): Promise<void> {
    await tx.query(
      `insert into compliance.decision (id, exporter_id, object_id, stage, prior_decision_id, outcome, permitted, mechanisms, filings, obligations, reasons, considered,
         facts, facts_hash, rulebook_hash, as_of, decided_at, recipient_id, needs, missing) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`,
      [d.id, d.exporterId, d.objectId, d.stage, d.priorDecisionId, d.outcome, d.permitted, d.mechanisms, JSON.stringify(d.filings), d.obligations, JSON.stringify(d.reasons), d.considered,
        encodeJson(d.facts), d.factsHash, d.rulebookHash, d.asOf, d.decidedAt, d.recipientId, JSON.stringify(d.needs), d.missing],
    );
  }

  /** As the transaction sees it. */
  async within(tx: Tx, id: string): Promise<Decision | null> {
    const [row] = await prepared<Row & Record<string, unknown>>(tx, BY_IDS, [[id]]);
    return row ? toDecision(row) : null;
  }

  /** Whether there is a decision of an order of this exporter under this id. */
  async isOrderOf(tx: Tx, id: string, exporterId: string): Promise<boolean> {
    const rows = (await tx.query(`select 1 from compliance.decision where id = $1 and exporter_id = $2 and stage = 'ORDER'`, [id, exporterId])) as unknown[];
    return rows.length === 1;
  }

  async byIds(ids: readonly string[]): Promise<Map<string, Decision>> {
    const rows = await this.database.query<Row & Record<string, unknown>>(BY_IDS, [ids]);
    return new Map(rows.map((r) => [r.id, toDecision(r)]));
  }
}

const toDecision = (r: Row): Decision => ({
  id: r.id, exporterId: r.exporter_id, recipientId: r.recipient_id, objectId: r.object_id, stage: r.stage, priorDecisionId: r.prior_decision_id, outcome: r.outcome, permitted: r.permitted,
  mechanisms: r.mechanisms, filings: r.filings, obligations: r.obligations, reasons: r.reasons, considered: r.considered, needs: r.needs, missing: r.missing,
  facts: decodeJson<DecisionFacts>(r.facts), factsHash: r.facts_hash, rulebookHash: r.rulebook_hash, asOf: r.as_of, decidedAt: r.decided_at,
});
