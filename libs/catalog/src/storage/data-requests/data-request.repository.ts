import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCKS, Database, type Page, type PageRequest, toPage, type Tx } from '#shared';
import type { DataRequest, DataRequestState, NamedOrganisation } from '../../domain/data-requests/data-request.js';
import { searchWords } from '../../domain/search/search-text.js';

/** A request as vendors read it: who asks is null where that is withheld. */
export interface BoardRequest extends Omit<DataRequest, 'asker' | 'endReason'> {
  readonly asker: NamedOrganisation | null;
}
export interface OwnRequest extends DataRequest {
  readonly answers: number;
}
export interface BoardFilter {
  /** A tsquery; null: any words. */
  readonly query: string | null;
  /** One of these; null: any. */
  readonly themes: readonly string[] | null;
  readonly countries: readonly string[] | null;
}

const SHOWN = (r: string): string => `${r}.id, ${r}.anonymous, ${r}.title, ${r}.description, ${r}.themes, ${r}.countries, ${r}.frequency, ${r}.budget_min::text as "budgetMin", ${r}.budget_max::text as "budgetMax", ${r}.currency, ${r}.purposes, ${r}.state, ${r}.expires_at as "expiresAt",
  ${r}.created_at as "createdAt", ${r}.ended_at as "endedAt", ${r}.asker_id as "askerId", ${r}.asker_name as "askerName", ${r}.asker_jurisdiction as "askerJurisdiction"`;
const OWN = `${SHOWN('r')}, r.end_reason as "endReason", (select count(*) from catalog.data_request_answer a where a.data_request_id = r.id)::int as answers from catalog.data_request r`;
const BOARD = {
  name: 'catalog.data-request-board',
  text: `select ${SHOWN('b')} from catalog.data_request_board b where b.state = 'OPEN' and b.asker_state = 'VERIFIED' and b.expires_at > $1 and ($2::tsquery is null or b.search @@ $2::tsquery)
    and ($3::text[] is null or b.themes && $3) and ($4::text[] is null or b.countries && $4) and ($5::uuid is null or b.id < $5) order by b.id desc limit $6`,
};
const ON_BOARD = { name: 'catalog.data-request-on-board', text: `select ${SHOWN('b')} from catalog.data_request_board b where b.id = $1 and b.state = 'OPEN' and b.asker_state = 'VERIFIED' and b.expires_at > $2` };
const BY_IDS = { name: 'catalog.data-requests-shown', text: `select ${SHOWN('b')} from catalog.data_request_board b where b.id = any($1::uuid[])` };
const OF_ASKER = { name: 'catalog.data-requests-of-asker', text: `select ${OWN} where r.asker_id = $1 and ($2::uuid is null or r.id < $2) and ($4::text is null or r.state = $4) order by r.id desc limit $3` };
const WHOLE = { name: 'catalog.data-request', text: `select ${OWN} where r.id = $1` };
const EXPIRED = { name: 'catalog.data-requests-expired', text: `select id from catalog.data_request where state = 'OPEN' and expires_at <= $1 order by expires_at limit $2` };

type Row = Omit<BoardRequest, 'asker' | 'budget'> & { budgetMin: string | null; budgetMax: string | null; currency: string | null; askerId: string | null; askerName: string; askerJurisdiction: string; endReason: string | null; answers: number } & Record<string, unknown>;

@Injectable()
export class DataRequestRepository {
  constructor(private readonly database: Database) {}

  /** How many of an organisation are open; nobody posts another one for it until the transaction ends. */
  async countOpen(tx: Tx, askerId: string, now: Date): Promise<number> {
    await tx.query('select pg_advisory_xact_lock($1, hashtext($2))', [ADVISORY_LOCKS.dataRequests, askerId]);
    const [row] = (await tx.query(`select count(*)::int as n from catalog.data_request where asker_id = $1 and state = 'OPEN' and expires_at > $2`, [askerId, now])) as [{ n: number }];
    return row.n;
  }

  async insert(tx: Tx, r: DataRequest, askerState: string): Promise<void> {
    await tx.query(
      `insert into catalog.data_request (id, asker_id, asker_name, asker_jurisdiction, asker_state, anonymous, title, description, themes, countries, frequency, budget_min, budget_max, currency, purposes, state, expires_at, created_at, search)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, setweight(to_tsvector('simple', $19), 'A') || setweight(to_tsvector('simple', $20), 'C'))`,
      [r.id, r.asker.id, r.asker.legalName, r.asker.jurisdiction, askerState, r.anonymous, r.title, r.description, r.themes, r.countries, r.frequency, r.budget?.minMinor ?? null, r.budget?.maxMinor ?? null, r.budget?.currency ?? null, r.purposes, r.state, r.expiresAt, r.createdAt,
        searchWords(r.title), searchWords(r.description)]);
  }

  async lock(tx: Tx, id: string): Promise<OwnRequest | null> {
    const [row] = (await tx.query(`select ${OWN} where r.id = $1 for no key update of r`, [id])) as Row[];
    return row ? toOwn(row) : null;
  }
  async end(tx: Tx, { id, state, endReason, endedAt }: DataRequest): Promise<void> {
    await tx.query('update catalog.data_request set state = $2, end_reason = $3, ended_at = $4 where id = $1', [id, state, endReason, endedAt]);
  }
  async renameAsker(tx: Tx, { id, name, jurisdiction, state }: { readonly id: string; readonly name: string; readonly jurisdiction: string; readonly state: string }): Promise<void> {
    await tx.query('update catalog.data_request set asker_name = $2, asker_jurisdiction = $3, asker_state = $4 where asker_id = $1', [id, name, jurisdiction, state]);
  }

  /** What vendors find, newest first. */
  async board({ query, themes, countries }: BoardFilter, now: Date, request: PageRequest): Promise<Page<BoardRequest>> {
    const rows = await this.database.query<Row>(BOARD, [now, query, themes, countries, request.after?.[0] ?? null, request.first + 1]);
    return toPage(rows.map(toBoard), request, (r) => [r.id]);
  }
  async onBoard(id: string, now: Date): Promise<BoardRequest | null> {
    return (await this.database.query<Row>(ON_BOARD, [id, now])).map(toBoard)[0] ?? null;
  }
  /** As vendors who answered read them, also once they are over; what was taken down is left out. */
  async shown(ids: readonly string[]): Promise<Map<string, BoardRequest>> {
    return new Map((await this.database.query<Row>(BY_IDS, [ids])).map((r) => [r.id, toBoard(r)]));
  }
  async ofAsker(askerId: string, state: DataRequestState | null, request: PageRequest): Promise<Page<OwnRequest>> {
    const rows = await this.database.query<Row>(OF_ASKER, [askerId, request.after?.[0] ?? null, request.first + 1, state]);
    return toPage(rows.map(toOwn), request, (r) => [r.id]);
  }
  /** With who asks: for the asker and staff. */
  async whole(id: string): Promise<OwnRequest | null> {
    return (await this.database.query<Row>(WHOLE, [id])).map(toOwn)[0] ?? null;
  }
  async expired(now: Date, limit: number): Promise<string[]> {
    return (await this.database.query<{ id: string }>(EXPIRED, [now, limit])).map((r) => r.id);
  }
}

const minor = (text: string | null): bigint | null => (text === null ? null : BigInt(text));
function toBoard({ budgetMin, budgetMax, currency, askerId, askerName, askerJurisdiction, ...row }: Row): BoardRequest {
  return { ...row, budget: currency === null ? null : { minMinor: minor(budgetMin), maxMinor: minor(budgetMax), currency }, asker: askerId === null ? null : { id: askerId, legalName: askerName, jurisdiction: askerJurisdiction } };
}
const toOwn = (row: Row): OwnRequest => ({ ...toBoard(row), asker: { id: row.askerId!, legalName: row.askerName, jurisdiction: row.askerJurisdiction }, endReason: row.endReason, answers: row.answers });
