import { Injectable } from '@nestjs/common';
import { type Actor, authorise, Identity, organisationOf } from '#identity';
import { Clock, Commands, invalid, isRefused, newId, type NotPermitted, notFound, type Refusal, type Result, Signer, type Tx } from '#shared';
import { CONTRACTS_ERRORS } from '../../contracts.errors.js';
import { certificateDocument, certificateHash, type DeletionStatement } from '../../domain/deletions/certificate.js';
import { ContractsRepository } from '../../storage/contracts.repository.js';
import { type DeletionCertificate, DeletionCertificateRepository } from '../../storage/deletion-certificate.repository.js';
import { type Deletion, DeletionRepository } from '../../storage/deletion.repository.js';
import { ReshareRepository } from '../../storage/reshare.repository.js';
import { SigningKey } from '../agreements/signing-key.js';
import { MoveDeletion } from './move-deletion.js';

export interface CertifyDeletionInput extends DeletionStatement {
  readonly deletionId: string;
  /** Compact JWS of a registered key with `typ` entrepot-deletion-certificate+jws over `{"deletionId", "hash"}`; null: the caller signs by his authority. */
  readonly jws: string | null;
}
const SIGNATURE_TYPE = 'entrepot-deletion-certificate+jws';
const COUNTERSIGNATURE_TYPE = 'entrepot-deletion-countersignature+jws';

type SignedBy = Pick<DeletionCertificate, 'memberId' | 'displayName' | 'mandateId' | 'keyId' | 'jws'>;
type Document = Pick<DeletionCertificate, 'document' | 'hash'>;

/** What a certificate is about. */
@Injectable()
export class DeletionGround {
  constructor(readonly deletions: DeletionRepository, readonly certificates: DeletionCertificateRepository, readonly contracts: ContractsRepository, readonly reshares: ReshareRepository) {}
}
/** Who signs it. */
@Injectable()
export class CertificateSigning {
  constructor(readonly identity: Identity, readonly keys: SigningKey, readonly signer: Signer) {}
}

/**
 * The buyer states that the data is deleted, and signs that: a member whose authority is on record, or a registered key. One signature is enough, also of
 * whoever signs with a second only: it states a fact and binds to no amount. What was filed never changes; another one may follow.
 */
@Injectable()
export class CertifyDeletion {
  constructor(
    private readonly commands: Commands, private readonly ground: DeletionGround, private readonly signing: CertificateSigning, private readonly moving: MoveDeletion, private readonly clock: Clock,
  ) {}

  async execute(actor: Actor, input: CertifyDeletionInput): Promise<Result<Deletion>> {
    const refusal = authorise(actor, 'contracts:account-for-deletion');
    if (refusal) return refusal;
    const found = await this.ground.deletions.byId(input.deletionId);
    if (found?.buyerId !== organisationOf(actor)) return notFound('deletion');
    const agreement = (await this.ground.contracts.agreements([found.agreementId])).get(found.agreementId)!;
    const document = certificateDocument({ ...found, agreementHash: agreement.hash }, input);
    const said: Document = { document, hash: certificateHash(document) };
    // Keys and issuers' status lists are asked before the transaction.
    const byKey = input.jws === null ? null : await this.byKey(found, said.hash, input.jws);
    const lapsed = byKey ? undefined : await this.signing.identity.credentialsStand(actor);
    return this.commands.runAcross<Result<Deletion>>(actor, 'contracts.certify-deletion', input, async (tx) => {
      const deletion = await this.ground.deletions.lock(tx, found.id);
      if (!deletion) return notFound('deletion');
      const problem = lapsed ?? (await this.problem(tx, deletion, input));
      if (problem) return problem;
      const signed = byKey ?? (await this.byAuthority(tx, actor, agreement.plan.currency));
      return isRefused(signed) ? signed : this.file(tx, actor, deletion, said, signed);
    });
  }

  private async problem(tx: Tx, { licenceId }: Deletion, { deletedAt, recipients }: DeletionStatement): Promise<Refusal | undefined> {
    if (deletedAt > this.clock.now()) return invalid(CONTRACTS_ERRORS.DELETION_CERTIFICATE, 'deletedAt', 'not in the future');
    const named = new Set(recipients.map((r) => r.organisationId));
    const missing = (await this.ground.reshares.recipientsOf(tx, licenceId)).filter((id) => !named.has(id));
    return missing.length ? invalid(CONTRACTS_ERRORS.DELETION_CERTIFICATE, 'recipients', `the data was passed on to these too: ${missing.join(', ')}`) : undefined;
  }

  private async byKey({ id: deletionId, buyerId }: Deletion, hash: string, jws: string): Promise<Result<SignedBy>> {
    const keyId = await this.signing.keys.of(buyerId, SIGNATURE_TYPE, jws, { deletionId, hash });
    if (!keyId) return invalid(CONTRACTS_ERRORS.SIGNATURE, 'jws', `a JWS (typ ${SIGNATURE_TYPE}) of a key that your organisation registered, over {"deletionId": "${deletionId}", "hash": "${hash}"}`);
    return { memberId: null, displayName: null, mandateId: null, keyId, jws };
  }

  private async byAuthority(tx: Tx, actor: Actor, currency: string): Promise<Result<SignedBy>> {
    const signatory = await this.signing.identity.signatory(tx, actor, { currency, minor: 0n });
    if (!signatory) return noAuthority();
    const { memberId, displayName, mandateId, keyId } = signatory;
    return { memberId, displayName, mandateId, keyId, jws: null };
  }

  private async file(tx: Tx, actor: Actor, deletion: Deletion, { document, hash }: Document, signed: SignedBy): Promise<Result<Deletion>> {
    const filedAt = this.clock.now();
    const { memberId, displayName, mandateId, keyId } = signed;
    const countersignature = await this.signing.signer.sign(COUNTERSIGNATURE_TYPE, { deletionId: deletion.id, hash, filedAt: filedAt.toISOString(), signatory: { memberId, displayName, mandateId, keyId } });
    const certificate: DeletionCertificate = { id: newId(), deletionId: deletion.id, document, hash, ...signed, countersignature, filedAt };
    await this.ground.certificates.insert(tx, deletion, certificate);
    return this.moving.move(tx, actor, deletion, { event: 'certify', side: 'BUYER', text: null, certificateId: certificate.id });
  }
}

const noAuthority = (): NotPermitted => ({ refused: true, kind: 'NotPermitted', code: CONTRACTS_ERRORS.NO_AUTHORITY, message: 'no mandate of yours lets you sign for your organisation' });
