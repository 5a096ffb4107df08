import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCKS, Database, type Page, type PageRequest, toPage, type Tx } from '#shared';
import { type PartName, PARTS, type Screening, type ScreeningChange, type ScreeningProgress } from '../domain/screening/screening.js';

/** A part that this transaction holds. */
export interface HeldPart {
  readonly screening: Screening;
  readonly part: PartName;
  readonly lastId: string | null;
  readonly total: number | null;
}

const COLUMNS = `s.id, s.cause, s.reference, s.organisation_id as "organisationId", s.dry_run as "dryRun", s.document_hash as "documentHash", s.act, s.law_hash_before as "lawHashBefore",
  s.law_hash_after as "lawHashAfter", s.state, s.started_at as "startedAt", s.finished_at as "finishedAt"`;
const PROGRESS = `select ${COLUMNS}, p.total, p.done, p.affected from compliance.screening s cross join lateral (
  select coalesce(sum(total), 0)::int as total, sum(done)::int as done, sum(affected)::int as affected from compliance.screening_part where screening_id = s.id) p`;
const BY_ID = { name: 'compliance.screening', text: `${PROGRESS} where s.id = $1` };
const PAGE = { name: 'compliance.screenings', text: `${PROGRESS} where $1::uuid is null or s.id < $1 order by s.id desc limit $2` };
const RESULTS = {
  name: 'compliance.screening-results',
  text: `select object_type as "objectType", object_id as "objectId", effect, outcome_before as "outcomeBefore", outcome_after as "outcomeAfter", reasons, missing
         from compliance.screening_result where screening_id = $1 and ($2::text is null or (object_type, object_id) > ($2, $3::uuid)) order by object_type, object_id limit $4`,
};

@Injectable()
export class ScreeningRepository {
  constructor(private readonly database: Database) {}

  /** False when the day was begun before. */
  async insert(tx: Tx, s: Screening): Promise<boolean> {
    const rows = (await tx.query(
      `insert into compliance.screening (id, cause, reference, organisation_id, dry_run, document_hash, act, law_hash_before, law_hash_after, state, started_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (reference) where cause = 'DAY' do nothing returning id`,
      [s.id, s.cause, s.reference, s.organisationId, s.dryRun, s.documentHash, s.act, s.lawHashBefore, s.lawHashAfter, s.state, s.startedAt],
    )) as unknown[];
    if (rows.length === 0) return false;
    await tx.query(`insert into compliance.screening_part (screening_id, part, state, dry_run, retry_at) select $1, part, 'RUNNING', $3, $4 from unnest($2::text[]) as part`, [s.id, PARTS, s.dryRun, s.startedAt]);
    return true;
  }

  async ofDay(tx: Tx, day: string): Promise<boolean> {
    return ((await tx.query(`select 1 from compliance.screening where cause = 'DAY' and reference = $1`, [day])) as unknown[]).length === 1;
  }

  /** The first part that is due and that nobody holds; what changes the market goes before what only asks. */
  async take(tx: Tx, part: PartName, now: Date): Promise<HeldPart | null> {
    const [row] = (await tx.query(
      `select ${COLUMNS}, p.last_id as "lastId", p.total from compliance.screening_part p join compliance.screening s on s.id = p.screening_id
       where p.part = $1 and p.state = 'RUNNING' and p.retry_at <= $2 order by p.dry_run, p.screening_id limit 1 for update of p skip locked`, [part, now],
    )) as (Screening & { lastId: string | null; total: number | null })[];
    if (!row) return null;
    const { lastId, total, ...screening } = row;
    return { screening, part, lastId, total };
  }

  /** Pages of a part that change the market come one after the other, whichever run they belong to: a later run sees what an earlier one did. */
  async alone(tx: Tx, part: PartName): Promise<void> {
    await tx.query('select pg_advisory_xact_lock($1, $2)', [ADVISORY_LOCKS.screening, PARTS.indexOf(part)]);
  }

  async addResults(tx: Tx, id: string, changes: readonly ScreeningChange[]): Promise<void> {
    if (changes.length === 0) return;
    await tx.query(
      `insert into compliance.screening_result (screening_id, object_type, object_id, effect, outcome_before, outcome_after, reasons, missing)
       select $1, c."objectType", c."objectId", c.effect, c."outcomeBefore", c."outcomeAfter", c.reasons, array(select jsonb_array_elements_text(c.missing))
       from jsonb_to_recordset($2::jsonb) as c ("objectType" text, "objectId" uuid, effect text, "outcomeBefore" text, "outcomeAfter" text, reasons jsonb, missing jsonb)`, [id, JSON.stringify(changes)],
    );
  }

  async advance(tx: Tx, { screening, part }: HeldPart, page: { lastId: string | null; total: number; seen: number; affected: number; finished: boolean }): Promise<void> {
    await tx.query(
      `update compliance.screening_part set last_id = coalesce($3, last_id), total = greatest($4, done + $5), done = done + $5, affected = affected + $6, attempts = 0, state = case when $7 then 'DONE' else state end
       where screening_id = $1 and part = $2`, [screening.id, part, page.lastId, page.total, page.seen, page.affected, page.finished],
    );
  }

  /** Over once none of its parts runs. The row is held first: of two parts that end at once the second one sees the first. */
  async finish(tx: Tx, id: string, now: Date): Promise<void> {
    await tx.query('select 1 from compliance.screening where id = $1 for update', [id]);
    await tx.query(
      `update compliance.screening s set finished_at = $2, state = case when exists (select 1 from compliance.screening_part p where p.screening_id = s.id and p.state = 'FAILED') then 'FAILED' else 'DONE' end
       where id = $1 and state = 'RUNNING' and not exists (select 1 from compliance.screening_part p where p.screening_id = s.id and p.state = 'RUNNING')`, [id, now],
    );
  }

  /** A page that failed is tried again later, and after `most` times no more. */
  async postpone(tx: Tx, { screening, part }: HeldPart, error: string, now: Date, most: number): Promise<void> {
    await tx.query(
      `update compliance.screening_part set attempts = attempts + 1, last_error = $3, retry_at = $4::timestamptz + least(power(2, attempts), 300) * interval '500 milliseconds',
         state = case when attempts + 1 >= $5 then 'FAILED' else state end where screening_id = $1 and part = $2 and state = 'RUNNING'`, [screening.id, part, error, now, most],
    );
  }

  async byId(id: string): Promise<ScreeningProgress | null> {
    return (await this.database.query<ScreeningProgress & Record<string, unknown>>(BY_ID, [id]))[0] ?? null;
  }
  async page(request: PageRequest): Promise<Page<ScreeningProgress>> {
    return toPage(await this.database.query<ScreeningProgress & Record<string, unknown>>(PAGE, [request.after?.[0] ?? null, request.first + 1]), request, (s) => [s.id]);
  }
  async results(id: string, request: PageRequest): Promise<Page<ScreeningChange>> {
    const [type, object] = request.after ?? [null, null];
    return toPage(await this.database.query<ScreeningChange & Record<string, unknown>>(RESULTS, [id, type, object, request.first + 1]), request, (r) => [r.objectType, r.objectId]);
  }
}
