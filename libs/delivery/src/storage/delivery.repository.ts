import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCKS, Database, type Page, type PageRequest, prepared, toPage, type Tx } from '#shared';
import type { RunningResponse } from '../domain/coverage.js';
import type { Delivery, DeliveryState } from '../domain/delivery.js';
import type { Taken } from '../domain/standing.js';
import { fromMultirange, type Spans, toMultirange } from '../domain/spans.js';
import { GONE } from './presence.js';

type Raw = Omit<Delivery, 'byteLength' | 'budgetLeft' | 'owed'> & { byteLength: string; budgetLeft: string; owed: string };
export type DeliveryChange = Partial<Pick<Delivery, 'state' | 'budgetLeft' | 'owed' | 'startedAt' | 'completedAt' | 'expiresAt' | 'revokedAt'>>;
/** One asset under one licence: what the coverage is kept for. */
export type AssetUse = Pick<Delivery, 'licenceId' | 'assetId'>;

const COLUMNS = `id, licence_id as "licenceId", agreement_id as "agreementId", agreement_hash as "agreementHash", decision_id as "decisionId", product_id as "productId", vendor_id as "vendorId",
  buyer_id as "buyerId", asset_id as "assetId", object_key as "objectKey", region, file_name as "fileName", media_type as "mediaType", byte_length as "byteLength", sha256, state, budget_left as "budgetLeft",
  owed::text as owed, requested_at as "requestedAt", expires_at as "expiresAt", started_at as "startedAt", completed_at as "completedAt", decided_basis as "decidedBasis", refusal_decision_id as "refusalDecisionId", asked_by as "askedBy", channel, channel_kind as "channelKind", destination, revoked_at as "revokedAt", part_digest as "partDigest"`;
const BY_TOKEN = { name: 'delivery.by-token', text: `select ${COLUMNS} from delivery.delivery where token_hash = $1` };
/** A response of the last day may still be running; what is older is the trace of a crash. */
const LAPSED = {
  name: 'delivery.lapsed',
  text: `select id from delivery.delivery d where state in ('OPEN', 'COMPLETED') and expires_at <= $1
           and not exists (select 1 from delivery.response r where r.delivery_id = d.id and r.started_at > $1::timestamptz - interval '1 day') order by expires_at limit $2`,
};

const PAGE = {
  name: 'delivery.deliveries',
  text: `select ${COLUMNS} from delivery.delivery where licence_id = $1 and ($5::text is null or state = $5) and ($2::timestamptz is null or (requested_at, id) < ($2::timestamptz, $3::uuid)) order by requested_at desc, id desc limit $4`,
};
const BY_IDS = { name: 'delivery.deliveries-by-ids', text: `select ${COLUMNS} from delivery.delivery where id = any($1::uuid[])` };

/** Of the transactions that every download makes. */
const LOCK = { name: 'delivery.lock', text: `select ${COLUMNS} from delivery.delivery where id = $1 for no key update` };
const UPDATE = { name: 'delivery.update', text: 'update delivery.delivery set state = $2, budget_left = $3, owed = $4::int8multirange, started_at = $5, completed_at = $6, expires_at = $7, revoked_at = $8 where id = $1' };
const LOCK_COVERAGE = { name: 'delivery.lock-coverage', text: 'select handed_out::text as spans from delivery.coverage where licence_id = $1 and asset_id = $2 and byte_length = $3 for no key update' };
const SET_COVERAGE = { name: 'delivery.set-coverage', text: 'update delivery.coverage set handed_out = $3::int8multirange where licence_id = $1 and asset_id = $2' };
const RUNNING = { name: 'delivery.running', text: 'select first, hold from delivery.response where licence_id = $1 and asset_id = $2 and ($3::uuid is null or id <> $3)' };
const ADD_RESPONSE = { name: 'delivery.add-response', text: 'insert into delivery.response (licence_id, asset_id, id, delivery_id, first, hold, started_at) values ($1, $2, $3, $4, $5, $6, $7)' };
const REMOVE_RESPONSES = { name: 'delivery.remove-responses', text: 'delete from delivery.response where licence_id = $1 and asset_id = $2 and ($3::uuid is null or id = $3)' };

/** A token that may still begin, or on which a response goes on beyond its time. */
const OPEN = `state = 'OPEN' and (expires_at > $2 or exists (select 1 from delivery.response r where r.delivery_id = delivery.id))`;

@Injectable()
export class DeliveryRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Tx, d: Delivery, tokenHash: string): Promise<void> {
    await tx.query(
      `insert into delivery.delivery (id, licence_id, agreement_id, agreement_hash, decision_id, product_id, vendor_id, buyer_id, asset_id, object_key, file_name, media_type, byte_length, sha256,
         token_hash, state, budget_left, requested_at, expires_at, decided_basis, region, asked_by, channel, channel_kind, destination, part_digest)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)`,
      [d.id, d.licenceId, d.agreementId, d.agreementHash, d.decisionId, d.productId, d.vendorId, d.buyerId, d.assetId, d.objectKey, d.fileName, d.mediaType, d.byteLength, d.sha256,
        tokenHash, d.state, d.budgetLeft, d.requestedAt, d.expiresAt, d.decidedBasis, d.region, d.askedBy, d.channel, d.channelKind, d.destination, d.partDigest],
    );
  }

  async byTokenHash(tokenHash: string): Promise<Delivery | null> {
    const [row] = await this.database.query<Raw & Record<string, unknown>>(BY_TOKEN, [tokenHash]);
    return row ? toDelivery(row) : null;
  }

  async byIds(ids: readonly string[]): Promise<Map<string, Delivery>> {
    const rows = await this.database.query<Raw & Record<string, unknown>>(BY_IDS, [ids]);
    return new Map(rows.map((r) => [r.id, toDelivery(r)]));
  }

  async ofLicence(licenceId: string, state: DeliveryState | null, request: PageRequest): Promise<Page<Delivery>> {
    const [at, id] = request.after ?? [null, null];
    const rows = await this.database.query<Raw & Record<string, unknown>>(PAGE, [licenceId, at, id, request.first + 1, state]);
    return toPage(rows.map(toDelivery), request, (d) => [d.requestedAt.toISOString(), d.id]);
  }

  async lock(tx: Tx, id: string): Promise<Delivery> {
    const found = await this.find(tx, id);
    if (!found) throw new Error('the delivery is gone');
    return found;
  }
  /** The same; null where there is none that the transaction can reach. */
  async find(tx: Tx, id: string): Promise<Delivery | null> {
    const [row] = await prepared<Raw & Record<string, unknown>>(tx, LOCK, [id]);
    return row ? toDelivery(row) : null;
  }

  async update(tx: Tx, before: Delivery, change: DeliveryChange): Promise<void> {
    const after = { ...before, ...change };
    await prepared(tx, UPDATE, [before.id, after.state, after.budgetLeft, toMultirange(after.owed), after.startedAt, after.completedAt, after.expiresAt, after.revokedAt]);
  }

  async decided(tx: Tx, id: string, basis: string, refusalDecisionId: string | null): Promise<void> {
    await tx.query('update delivery.delivery set decided_basis = $2, refusal_decision_id = $3 where id = $1', [id, basis, refusalDecisionId]);
  }

  /** What is granted under a licence is granted one after the other, until the transaction ends. */
  async lockTaking(tx: Tx, licenceId: string): Promise<void> {
    await tx.query('select pg_advisory_xact_lock($1, hashtext($2))', [ADVISORY_LOCKS.downloads, licenceId]);
  }

  /** What was delivered under a licence and what its open tokens still may take. Of two who ask at once the second waits, and counts what the first opened. */
  async takenUnder(tx: Tx, licenceId: string, now: Date): Promise<Taken> {
    await this.lockTaking(tx, licenceId);
    const [row] = (await tx.query(
      `select count(*)::text as downloads, coalesce(sum(byte_length), 0)::text as bytes from delivery.delivery where licence_id = $1 and (completed_at is not null or ${OPEN})`, [licenceId, now],
    )) as [{ downloads: string; bytes: string }];
    return { downloads: BigInt(row.downloads), bytes: BigInt(row.bytes) };
  }

  /** What the open tokens of a licence may still take. */
  async openUnder(tx: Tx, licenceId: string, now: Date): Promise<Taken> {
    const [row] = (await tx.query(`select count(*)::text as downloads, coalesce(sum(byte_length), 0)::text as bytes from delivery.delivery where licence_id = $1 and ${OPEN}`, [licenceId, now])) as [{ downloads: string; bytes: string }];
    return { downloads: BigInt(row.downloads), bytes: BigInt(row.bytes) };
  }

  /** But for those on which a process of the exchange died: no client can bring that about. Its place is kept for an hour. */
  async countUnfinished(tx: Tx, use: AssetUse, since: Date): Promise<number> {
    const [row] = (await tx.query(
      `select count(*)::int as n from delivery.delivery d where licence_id = $1 and asset_id = $2 and completed_at is null and requested_at > $3
         and not exists (select 1 from delivery.response_slot s where s.licence_id = $1 and s.delivery_id = d.id and ${GONE})`, [use.licenceId, use.assetId, since])) as { n: number }[];
    return row!.n;
  }

  /**
   * What of the file was handed out under the licence since its last completed delivery. Holds the row until the transaction
   * ends; the row is made first, since a lock on a row that is not there locks nothing. Taken before the delivery's own row.
   */
  async lockCoverage(tx: Tx, use: AssetUse, byteLength: number): Promise<Spans> {
    const locked = (): Promise<{ spans: string }[]> => prepared<{ spans: string }>(tx, LOCK_COVERAGE, [use.licenceId, use.assetId, byteLength]);
    const [there] = await locked();
    if (there) return fromMultirange(there.spans);
    // A part that was written anew with another length is another file: of it nothing went out.
    await tx.query(`insert into delivery.coverage (licence_id, asset_id, byte_length) values ($1, $2, $3) on conflict (licence_id, asset_id) do update set byte_length = excluded.byte_length, handed_out = '{}' where delivery.coverage.byte_length <> excluded.byte_length`, [use.licenceId, use.assetId, byteLength]);
    const [row] = await locked();
    return fromMultirange(row!.spans);
  }

  async setCoverage(tx: Tx, use: AssetUse, handedOut: Spans): Promise<void> {
    await prepared(tx, SET_COVERAGE, [use.licenceId, use.assetId, toMultirange(handedOut)]);
  }

  /** The responses under way on any token of this licence and asset, but for one. */
  async running(tx: Tx, use: AssetUse, except: string | null): Promise<RunningResponse[]> {
    const rows = await prepared<{ first: string; hold: string }>(tx, RUNNING, [use.licenceId, use.assetId, except]);
    return rows.map((r) => ({ first: Number(r.first), hold: Number(r.hold) }));
  }

  async addResponse(tx: Tx, delivery: Delivery, id: string, response: RunningResponse, now: Date): Promise<void> {
    await prepared(tx, ADD_RESPONSE, [delivery.licenceId, delivery.assetId, id, delivery.id, response.first, response.hold, now]);
  }

  async removeResponse(tx: Tx, use: AssetUse, id: string): Promise<void> {
    await prepared(tx, REMOVE_RESPONSES, [use.licenceId, use.assetId, id]);
  }

  async removeResponsesOfUse(tx: Tx, use: AssetUse): Promise<void> {
    await prepared(tx, REMOVE_RESPONSES, [use.licenceId, use.assetId, null]);
  }

  /** What a crash left behind of a delivery, taken away. */
  async takeResponsesOf(tx: Tx, deliveryId: string): Promise<RunningResponse[]> {
    const [rows] = (await tx.query('delete from delivery.response where delivery_id = $1 returning first, hold', [deliveryId])) as [{ first: string; hold: string }[], number];
    return rows.map((r) => ({ first: Number(r.first), hold: Number(r.hold) }));
  }

  async lapsed(now: Date, limit: number): Promise<string[]> {
    return (await this.database.query<{ id: string }>(LAPSED, [now, limit])).map((r) => r.id);
  }
}

const toDelivery = (r: Raw): Delivery => ({ ...r, byteLength: Number(r.byteLength), budgetLeft: Number(r.budgetLeft), owed: fromMultirange(r.owed) });
