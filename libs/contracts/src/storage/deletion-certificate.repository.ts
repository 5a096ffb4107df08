import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '#shared';

/** What a buyer filed of a deletion, as it was signed. */
export interface DeletionCertificate {
  readonly id: string;
  readonly deletionId: string;
  readonly document: Readonly<Record<string, unknown>>;
  /** SHA-256 of the document's RFC 8785 form, lower-case hex. */
  readonly hash: string;
  readonly memberId: string | null;
  readonly displayName: string | null;
  readonly mandateId: string | null;
  readonly keyId: string | null;
  /** Of a registered key of the buyer. */
  readonly jws: string | null;
  /** Of the exchange. */
  readonly countersignature: string;
  readonly filedAt: Date;
}

const CERTIFICATE = `id, deletion_id as "deletionId", document, hash, member_id as "memberId", display_name as "displayName", mandate_id as "mandateId", key_id as "keyId", jws, countersignature, filed_at as "filedAt"`;
const OF_DELETIONS = {
  name: 'contracts.deletion-certificates',
  text: `select c.* from unnest($1::uuid[]) as d (id) cross join lateral (select ${CERTIFICATE} from contracts.deletion_certificate where deletion_id = d.id order by id desc limit $2) c`,
};

@Injectable()
export class DeletionCertificateRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Tx, { vendorId, buyerId }: { readonly vendorId: string; readonly buyerId: string }, c: DeletionCertificate): Promise<void> {
    await tx.query(
      'insert into contracts.deletion_certificate (id, deletion_id, vendor_id, buyer_id, document, hash, member_id, display_name, mandate_id, key_id, jws, countersignature, filed_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)',
      [c.id, c.deletionId, vendorId, buyerId, JSON.stringify(c.document), c.hash, c.memberId, c.displayName, c.mandateId, c.keyId, c.jws, c.countersignature, c.filedAt],
    );
  }
  /** The newest of each deletion, newest first. */
  async ofDeletions(ids: readonly string[], limit: number): Promise<Map<string, DeletionCertificate[]>> {
    return Map.groupBy((await this.database.query(OF_DELETIONS, [ids, limit])) as unknown as DeletionCertificate[], (c) => c.deletionId);
  }
}
