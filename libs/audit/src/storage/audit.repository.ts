import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCKS, Database, type Page, type PageRequest, prepared, toPage, type Tx } from '#shared';
import { type AuditEntry, entryHash, type Seal } from '../domain/seal.js';

/** Each narrows down where it is not null. */
export interface LogFilter {
  readonly objectId: string | null;
  readonly objectType: string | null;
  readonly act: string | null;
  readonly subject: string | null;
  /** Whose object it is. */
  readonly tenantId: string | null;
  readonly tradeId: string | null;
  /** From the first moment on, before the second. */
  readonly from: Date | null;
  readonly until: Date | null;
}

interface Row {
  id: string; object_id: string; object_type: string; act: string; subject: string; tenant_id: string | null; trade_id: string | null;
  request_id: string; reason: string | null; details: Record<string, unknown>; recorded_at: Date;
}
interface SealRecord {
  number: string; previous_hash: string; entries_root: string; entry_count: number; hash: string; signature: string; sealed_at: Date;
}
export interface SealedEntry {
  position: number; entryId: string; recordedHash: string; entry: AuditEntry | null;
}

const COLUMNS = 'e.id, e.object_id, e.object_type, e.act, e.subject, e.tenant_id, e.trade_id, e.request_id, e.reason, e.details, e.recorded_at';
const BY_TRADE = { name: 'audit.by-trade', text: `select ${COLUMNS} from audit.entry e where e.trade_id = $1 or e.object_id = any($2::text[]) order by e.recorded_at desc, e.id desc limit 500` };
/** What is asked for decides which index serves: planned for the values each time. */
const LATEST = {
  name: 'audit.latest', plannedEachTime: true as const,
  text: `select ${COLUMNS} from audit.entry e where ($1::timestamptz is null or (e.recorded_at, e.id) < ($1::timestamptz, $2::uuid)) and ($4::text is null or e.object_id = $4) and ($5::text is null or e.object_type = $5)
         and ($6::text is null or e.act = $6) and ($7::text is null or e.subject = $7) and ($8::uuid is null or e.tenant_id = $8) and ($9::uuid is null or e.trade_id = $9)
         and ($10::timestamptz is null or e.recorded_at >= $10) and ($11::timestamptz is null or e.recorded_at < $11) order by e.recorded_at desc, e.id desc limit $3`,
};

const INSERT = {
  name: 'audit.insert',
  text: `with line as (
           insert into audit.entry (object_id, recorded_at, id, tenant_id, subject, act, object_type, trade_id, request_id, reason, details)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11))
         insert into audit.unsealed (object_id, recorded_at, id) values ($1, $2, $3)`,
};

const INSERT_ALL = {
  name: 'audit.insert-all',
  text: `with line as (
           insert into audit.entry (object_id, recorded_at, id, tenant_id, subject, act, object_type, trade_id, request_id, reason, details)
           select * from unnest($1::text[], $2::timestamptz[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::uuid[], $9::text[], $10::text[], $11::jsonb[]))
         insert into audit.unsealed (object_id, recorded_at, id) select * from unnest($1::text[], $2::timestamptz[], $3::uuid[])`,
};

@Injectable()
export class AuditRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Tx, entry: AuditEntry): Promise<void> {
    await prepared(
      tx, INSERT, [entry.objectId, entry.recordedAt, entry.id, entry.tenantId, entry.subject, entry.act, entry.objectType, entry.tradeId, entry.requestId, entry.reason, JSON.stringify(entry.details)],
    );
  }

  async insertAll(tx: Tx, entries: readonly AuditEntry[]): Promise<void> {
    const column = <K extends keyof AuditEntry>(name: K): AuditEntry[K][] => entries.map((e) => e[name]);
    await prepared(tx, INSERT_ALL, [
      column('objectId'), column('recordedAt'), column('id'), column('tenantId'), column('subject'), column('act'), column('objectType'), column('tradeId'), column('requestId'), column('reason'), entries.map((e) => JSON.stringify(e.details)),
    ]);
  }

  async ofTrade(tradeId: string, objectIds: readonly string[]): Promise<AuditEntry[]> {
    return (await this.database.query<Row & Record<string, unknown>>(BY_TRADE, [tradeId, objectIds])).map(toEntry).reverse();
  }

  async latest(f: LogFilter, request: PageRequest): Promise<Page<AuditEntry>> {
    const [at, id] = request.after ?? [null, null];
    const rows = await this.database.query<Row & Record<string, unknown>>(LATEST, [at, id, request.first + 1, f.objectId, f.objectType, f.act, f.subject, f.tenantId, f.tradeId, f.from, f.until]);
    return toPage(rows.map(toEntry), request, (e) => [e.recordedAt.toISOString(), e.id]);
  }

  /** Takes the oldest unsealed entries; the advisory lock makes one sealer at a time. */
  async takeUnsealed(tx: Tx, limit: number): Promise<AuditEntry[]> {
    const [{ held }] = (await tx.query('select pg_try_advisory_xact_lock($1) as held', [ADVISORY_LOCKS.auditSeal])) as [{ held: boolean }];
    if (!held) return [];
    const taken = (await tx.query(
      `with taken as (delete from audit.unsealed where id in (select id from audit.unsealed order by recorded_at, id limit $1 for update skip locked) returning *)
       select ${COLUMNS} from taken u join audit.entry e on e.object_id = u.object_id and e.recorded_at = u.recorded_at and e.id = u.id order by e.recorded_at, e.id`,
      [limit],
    )) as Row[];
    return taken.map(toEntry);
  }

  async lastSeal(tx: Tx): Promise<Seal | null> {
    const [row] = (await tx.query('select * from audit.seal order by number desc limit 1')) as SealRecord[];
    return row ? toSeal(row) : null;
  }

  async insertSeal(tx: Tx, seal: Seal, entries: readonly AuditEntry[]): Promise<void> {
    await tx.query(
      'insert into audit.seal (number, previous_hash, entries_root, entry_count, hash, signature, sealed_at) values ($1, $2, $3, $4, $5, $6, $7)',
      [seal.number, seal.previousHash, seal.entriesRoot, seal.entryCount, seal.hash, seal.signature, seal.sealedAt],
    );
    await tx.query(
      `insert into audit.sealed_entry (seal_number, position, entry_id, object_id, recorded_at, entry_hash)
       select $1, position - 1, id, object_id, recorded_at, hash
       from unnest($2::uuid[], $3::text[], $4::timestamptz[], $5::text[]) with ordinality as u (id, object_id, recorded_at, hash, position)`,
      [seal.number, entries.map((e) => e.id), entries.map((e) => e.objectId), entries.map((e) => e.recordedAt), entries.map(entryHash)],
    );
  }

  async seals(after: bigint, limit: number): Promise<Seal[]> {
    const rows = await this.database.query<SealRecord & Record<string, unknown>>({ name: 'audit.seals', text: 'select * from audit.seal where number > $1 order by number limit $2' }, [after, limit]);
    return rows.map(toSeal);
  }

  async sealedEntries(seal: bigint): Promise<SealedEntry[]> {
    const rows = await this.database.query<Row & { position: number; entry_id: string; entry_hash: string } & Record<string, unknown>>({
      name: 'audit.sealed-entries',
      text: `select s.position, s.entry_id, s.entry_hash, ${COLUMNS} from audit.sealed_entry s
             left join audit.entry e on e.object_id = s.object_id and e.recorded_at = s.recorded_at and e.id = s.entry_id where s.seal_number = $1 order by s.position`,
    }, [seal]);
    return rows.map((r) => ({ position: r.position, entryId: r.entry_id, recordedHash: r.entry_hash, entry: r.id ? toEntry(r) : null }));
  }

  /** Entries that are neither sealed nor waiting to be: slipped in past `append`. */
  async strays(limit: number): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>({
      name: 'audit.strays',
      text: `select e.id from audit.entry e where not exists (select 1 from audit.sealed_entry s where s.entry_id = e.id)
             and not exists (select 1 from audit.unsealed u where u.id = e.id) limit $1`,
    }, [limit]);
    return rows.map((r) => r.id);
  }

  async countUnsealed(): Promise<number> {
    const [row] = await this.database.query<{ n: number }>({ name: 'audit.unsealed-count', text: 'select count(*)::int as n from audit.unsealed' });
    return row!.n;
  }
}


const toEntry = (r: Row): AuditEntry => ({
  id: r.id, objectId: r.object_id, objectType: r.object_type, act: r.act, subject: r.subject, tenantId: r.tenant_id, tradeId: r.trade_id,
  requestId: r.request_id, reason: r.reason, details: r.details, recordedAt: r.recorded_at,
});
const toSeal = (r: SealRecord): Seal => ({
  number: BigInt(r.number), previousHash: r.previous_hash, entriesRoot: r.entries_root, entryCount: r.entry_count, hash: r.hash, signature: r.signature, sealedAt: r.sealed_at,
});
