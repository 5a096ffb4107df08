import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise, organisationOf } from '#identity';
import { Clock, Commands, invalid, newId, notFound, type Result, stateConflict } from '#shared';
import { CONTRACTS_ERRORS } from '../../contracts.errors.js';
import { ContractsRepository } from '../../storage/contracts.repository.js';
import { type AgreementSignature, SignatureRepository } from '../../storage/signature.repository.js';
import { SigningKey } from './signing-key.js';

export interface SignAgreementInput {
  readonly agreementId: string;
  /** Compact JWS with `typ` entrepot-agreement-signature+jws over `{"agreementId", "hash"}`. */
  readonly jws: string;
}
const SIGNATURE_TYPE = 'entrepot-agreement-signature+jws';

/** A side adds the signature of a key that it registered: so that the agreement is provable without the exchange's word for who signed. */
@Injectable()
export class SignAgreement {
  constructor(
    private readonly commands: Commands, private readonly contracts: ContractsRepository, private readonly signatures: SignatureRepository, private readonly keys: SigningKey, private readonly audit: Audit, private readonly clock: Clock,
  ) {}

  async execute(actor: Actor, input: SignAgreementInput): Promise<Result<AgreementSignature>> {
    const refusal = authorise(actor, 'contracts:seal');
    if (refusal) return refusal;
    const organisationId = organisationOf(actor);
    const agreement = (await this.contracts.agreements([input.agreementId])).get(input.agreementId);
    const side = agreement?.vendorId === organisationId ? ('VENDOR' as const) : agreement?.buyerId === organisationId ? ('BUYER' as const) : undefined;
    if (!agreement || !side) return notFound('agreement');
    const keyId = await this.keys.of(organisationId, SIGNATURE_TYPE, input.jws, { agreementId: agreement.id, hash: agreement.hash });
    if (!keyId) return invalid(CONTRACTS_ERRORS.SIGNATURE, 'jws', `a JWS (typ ${SIGNATURE_TYPE}) of a key that your organisation registered, over {"agreementId", "hash"} of this agreement`);
    return this.commands.run<Result<AgreementSignature>>(actor, 'contracts.sign-agreement', input, async (tx) => {
      const signature: AgreementSignature = { id: newId(), agreementId: agreement.id, side, kind: 'KEY', memberId: null, displayName: null, mandateId: null, keyId, jws: input.jws, signedAt: this.clock.now() };
      if (!(await this.signatures.insert(tx, agreement, signature))) return stateConflict(CONTRACTS_ERRORS.SIGNATURE, 'this key has signed it before', 'SIGNED');
      await this.audit.append(tx, actor, { act: 'agreement.sign', objectType: 'agreement', objectId: agreement.id, tenantId: agreement.buyerId, details: { side, keyId, hash: agreement.hash } });
      return signature;
    });
  }
}
