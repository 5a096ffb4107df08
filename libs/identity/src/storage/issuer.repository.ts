import { Injectable } from '@nestjs/common';
import { Database, type Page, type PageRequest, toPage, type Tx } from '#shared';
import type { IssuerState } from '../domain/issuer-state.js';
import { RecognisedIssuerRow } from './issuer.entity.js';

/** An issuer whose word is taken here, as one dated row says it. */
export type RecognisedIssuer = Readonly<RecognisedIssuerRow>;

/** A bound on what one process keeps of it; there are some two hundred jurisdictions. */
const MOST_ACTIVE = 1_000;

const ACTIVE = { name: 'identity.issuers-active', text: `select to_jsonb(i) as row from identity.recognised_issuer i where state = 'ACTIVE' and (valid_to is null or valid_to > $1) order by id limit $2` };
const BY_ID = { name: 'identity.issuer-by-id', text: 'select to_jsonb(i) as row from identity.recognised_issuer i where id = $1' };
const PAGE = {
  name: 'identity.issuers-page',
  text: `select to_jsonb(i) as row from identity.recognised_issuer i where state = $1 and (state <> 'ACTIVE' or valid_to is null or valid_to > $2) and ($3::uuid is null or id > $3) order by id limit $4`,
};

@Injectable()
export class IssuerRepository {
  constructor(private readonly database: Database) {}

  /** Every row in force now or later. */
  async active(now: Date): Promise<RecognisedIssuer[]> {
    return (await this.database.query<{ row: JsonRow }>(ACTIVE, [now, MOST_ACTIVE])).map((r) => toIssuer(r.row));
  }

  async byId(id: string): Promise<RecognisedIssuer | null> {
    const [found] = await this.database.query<{ row: JsonRow }>(BY_ID, [id]);
    return found ? toIssuer(found.row) : null;
  }

  async page(state: IssuerState, now: Date, request: PageRequest): Promise<Page<RecognisedIssuer>> {
    const rows = await this.database.query<{ row: JsonRow }>(PAGE, [state, now, request.after?.[0] ?? null, request.first + 1]);
    return toPage(rows.map((r) => toIssuer(r.row)), request, (i) => [i.id]);
  }

  async insert(tx: Tx, row: RecognisedIssuer): Promise<void> {
    await tx.insert(RecognisedIssuerRow, row);
  }

  lock(tx: Tx, id: string): Promise<RecognisedIssuer | null> {
    return tx.findOne(RecognisedIssuerRow, { where: { id }, lock: { mode: 'for_no_key_update' } });
  }

  /** The active rows of an issuer, held together with the issuer's name: two approvals come one after the other. */
  async lockActive(tx: Tx, issuer: string): Promise<RecognisedIssuer[]> {
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 7301130))', [issuer]);
    return tx.find(RecognisedIssuerRow, { where: { issuer, state: 'ACTIVE' }, order: { validFrom: 'ASC' }, lock: { mode: 'for_no_key_update' } });
  }

  async approve(tx: Tx, id: string, by: string, at: Date, validFrom: Date): Promise<void> {
    await tx.update(RecognisedIssuerRow, { id }, { state: 'ACTIVE', approvedBy: by, approvedAt: at, validFrom });
  }

  async end(tx: Tx, id: string, validTo: Date): Promise<void> {
    await tx.update(RecognisedIssuerRow, { id }, { validTo });
  }

  async withdraw(tx: Tx, id: string, by: string, at: Date): Promise<void> {
    await tx.update(RecognisedIssuerRow, { id }, { state: 'WITHDRAWN', withdrawnBy: by, withdrawnAt: at });
  }
}

type JsonRow = Record<string, unknown>;

const camel = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
const DATES = new Set(['valid_from', 'valid_to', 'proposed_at', 'approved_at', 'withdrawn_at']);
/** The row as JSON: names and dates are brought to what the entity has. */
const toIssuer = (row: JsonRow): RecognisedIssuer =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [camel(name), DATES.has(name) && value !== null ? new Date(value as string) : value])) as unknown as RecognisedIssuer;
