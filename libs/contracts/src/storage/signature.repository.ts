import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '#shared';
import type { Side } from '../domain/agreements/termination.js';

export const SIGNATURE_KINDS = ['AUTHORITY', 'KEY', 'COUNTERSIGNATURE'] as const;
export type SignatureKind = (typeof SIGNATURE_KINDS)[number];

/** Who signed an agreement, for whom and how. */
export interface AgreementSignature {
  readonly id: string;
  readonly agreementId: string;
  readonly side: Side;
  readonly kind: SignatureKind;
  readonly memberId: string | null;
  readonly displayName: string | null;
  readonly mandateId: string | null;
  /** The API key through which, or with whose registered key, it was signed. */
  readonly keyId: string | null;
  readonly jws: string | null;
  readonly signedAt: Date;
}

const SIGNATURE = `id, agreement_id as "agreementId", side, kind, member_id as "memberId", display_name as "displayName", mandate_id as "mandateId", key_id as "keyId", jws, signed_at as "signedAt"`;
const OF_AGREEMENTS = { name: 'contracts.signatures', text: `select ${SIGNATURE} from contracts.agreement_signature where agreement_id = any($1::uuid[]) order by agreement_id, id` };

@Injectable()
export class SignatureRepository {
  constructor(private readonly database: Database) {}

  /** False where this side has signed so before. */
  async insert(tx: Tx, parties: { readonly vendorId: string; readonly buyerId: string }, s: AgreementSignature): Promise<boolean> {
    const rows = (await tx.query(
      `insert into contracts.agreement_signature (id, agreement_id, vendor_id, buyer_id, side, kind, member_id, display_name, mandate_id, key_id, jws, signed_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
       on conflict do nothing returning id`,
      [s.id, s.agreementId, parties.vendorId, parties.buyerId, s.side, s.kind, s.memberId, s.displayName, s.mandateId, s.keyId, s.jws, s.signedAt],
    )) as unknown[];
    return rows.length === 1;
  }

  async ofAgreements(ids: readonly string[]): Promise<Map<string, AgreementSignature[]>> {
    return Map.groupBy((await this.database.query(OF_AGREEMENTS, [ids])) as unknown as AgreementSignature[], (s) => s.agreementId);
  }
}
