import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '#shared';
import type { TransmissionState } from '../domain/transmission.js';

export interface Transmission {
  readonly id: string;
  readonly invoiceId: string;
  readonly issuerId: string;
  readonly customerId: string;
  readonly number: string;
  readonly format: 'peppol-bis-3' | 'pint-sg';
  readonly sender: string;
  readonly receiver: string;
  readonly content: string;
  readonly sha256: string;
  readonly state: TransmissionState;
  readonly attempts: number;
  readonly providerReference: string | null;
  readonly problem: string | null;
  /** `YYYY-MM-DD`. */
  readonly keptUntil: string;
  readonly createdAt: Date;
  readonly changedAt: Date;
}

const COLUMNS = `id, invoice_id as "invoiceId", issuer_id as "issuerId", customer_id as "customerId", number, format, sender, receiver, content, sha256, state, attempts, provider_reference as "providerReference", problem,
  kept_until::text as "keptUntil", created_at as "createdAt", changed_at as "changedAt"`;
const OF_INVOICE = { name: 'einvoice.transmissions-of-invoice', text: `select ${COLUMNS} from einvoice.transmission where invoice_id = $1 order by id desc limit 20` };

@Injectable()
export class TransmissionRepository {
  constructor(private readonly database: Database) {}

  /** Newest first, twenty at the most. */
  ofInvoice(invoiceId: string): Promise<Transmission[]> {
    return this.database.query<Transmission & Record<string, unknown>>(OF_INVOICE, [invoiceId]) as Promise<Transmission[]>;
  }
  /** False where one is under way or has arrived. */
  async insert(tx: Tx, t: Transmission): Promise<boolean> {
    const rows = (await tx.query(
      `insert into einvoice.transmission (id, invoice_id, issuer_id, customer_id, number, format, sender, receiver, content, sha256, state, next_attempt_at, kept_until, created_at, changed_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'QUEUED', $12, $11, $12, $12) on conflict do nothing returning 1`,
      [t.id, t.invoiceId, t.issuerId, t.customerId, t.number, t.format, t.sender, t.receiver, t.content, t.sha256, t.keptUntil, t.createdAt])) as unknown[];
    return rows.length > 0;
  }
  /** One that is due, held until a process that dies is given up. */
  async claim(tx: Tx, now: Date, until: Date, claim: string): Promise<Transmission | null> {
    const [rows] = (await tx.query(
      `update einvoice.transmission set next_attempt_at = $2, claim = $3, attempts = attempts + 1 where id = (
         select id from einvoice.transmission where state = 'QUEUED' and next_attempt_at <= $1 order by next_attempt_at, id limit 1 for update skip locked) returning ${COLUMNS}`, [now, until, claim])) as [Transmission[], number];
    return rows[0] ?? null;
  }
  /** Held for the transaction. With `claim`: null where it is another's by now. */
  async lock(tx: Tx, id: string, claim: string | null): Promise<Transmission | null> {
    const rows = (await tx.query(`select ${COLUMNS} from einvoice.transmission where id = $1 and ($2::uuid is null or claim = $2) for no key update`, [id, claim])) as Transmission[];
    return rows[0] ?? null;
  }
  async lockByNumber(tx: Tx, number: string): Promise<Transmission[]> {
    return (await tx.query(`select ${COLUMNS} from einvoice.transmission where number = $1 and state in ('SENT', 'DELIVERED') order by id desc limit 20 for no key update`, [number])) as Transmission[];
  }
  async move(tx: Tx, id: string, to: { readonly state: TransmissionState; readonly nextAttemptAt: Date | null; readonly providerReference: string | null; readonly problem: string | null; readonly at: Date }): Promise<void> {
    await tx.query(
      `update einvoice.transmission set state = $2, next_attempt_at = $3, claim = null, provider_reference = coalesce($4, provider_reference), problem = $5, changed_at = $6 where id = $1`, [id, to.state, to.nextAttemptAt, to.providerReference, to.problem, to.at]);
  }
}
