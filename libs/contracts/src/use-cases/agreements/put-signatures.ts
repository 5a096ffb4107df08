import { Injectable } from '@nestjs/common';
import type { Signatory } from '#identity';
import { Clock, newId, Signer, type Tx } from '#shared';
import type { Side } from '../../domain/agreements/termination.js';
import type { Agreement } from '../../storage/contracts.repository.js';
import { type AgreementSignature, SignatureRepository } from '../../storage/signature.repository.js';

/** `typ` of the exchange's signature over an agreement. */
const COUNTERSIGNATURE_TYPE = 'entrepot-agreement+jws';

/** Puts on record who signed an agreement for either side and by what authority, and countersigns it for the exchange. In the transaction that concludes it. */
@Injectable()
export class PutSignatures {
  constructor(private readonly signatures: SignatureRepository, private readonly signer: Signer, private readonly clock: Clock) {}

  async execute(tx: Tx, agreement: Agreement, { vendor, buyer }: { readonly vendor: readonly Signatory[]; readonly buyer: readonly Signatory[] }): Promise<void> {
    const by = (side: Side, s: Signatory): AgreementSignature => ({ ...this.blank(agreement.id, side), kind: 'AUTHORITY', memberId: s.memberId, displayName: s.displayName, mandateId: s.mandateId, keyId: s.keyId });
    const { id: agreementId, hash, concludedAt, vendorId, buyerId } = agreement;
    const names = ({ memberId, displayName, mandateId, keyId }: Signatory): object => ({ memberId, displayName, mandateId, keyId });
    const jws = await this.signer.sign(COUNTERSIGNATURE_TYPE, { agreementId, hash, vendorId, buyerId, concludedAt: concludedAt.toISOString(), vendorSignatories: vendor.map(names), buyerSignatories: buyer.map(names) });
    const all = [...vendor.map((s) => by('VENDOR', s)), ...buyer.map((s) => by('BUYER', s)), { ...this.blank(agreementId, 'EXCHANGE' as const), kind: 'COUNTERSIGNATURE' as const, jws }];
    for (const signature of all) await this.signatures.insert(tx, agreement, signature);
  }

  private blank(agreementId: string, side: Side) {
    return { id: newId(), agreementId, side, memberId: null, displayName: null, mandateId: null, keyId: null, jws: null, signedAt: this.clock.now() };
  }
}
