import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise, Identity, organisationOf, permits } from '#identity';
import { Clock, Commands, invalid, type InvalidInput, isCountry, newId, Outbox, type Result, stateConflict } from '#shared';
import { dayAt } from '../../domain/days.js';
import { type CertificatePaper, paperProblem } from '../../domain/certificates/certificate.js';
import { REGISTER_ERRORS } from '../../register.errors.js';
import { CertificateChanged } from '../../register.events.js';
import { type Certificate, CertificateRepository } from '../../storage/certificate.repository.js';

interface Holder {
  readonly holderId?: string | null;
  readonly holderName?: string | null;
  readonly holderCountry?: string | null;
}
export interface SubmitCertificateInput extends CertificatePaper, Holder {
  readonly registerUrl: string;
  readonly documentSha256?: string | null;
}

/** So many of one holder wait at the same time. */
export const MOST_OPEN = 50;

/** Whom a message about a certificate comes from. */
@Injectable()
export class CertificateRecords {
  constructor(readonly audit: Audit, readonly outbox: Outbox, readonly clock: Clock) {}
}

/** A holder hands in his certificate; an officer may enter those of others, of bodies outside the exchange too. It counts for nothing yet. */
@Injectable()
export class SubmitCertificate {
  constructor(private readonly commands: Commands, private readonly certificates: CertificateRepository, private readonly identity: Identity, private readonly records: CertificateRecords) {}

  async execute(actor: Actor, input: SubmitCertificateInput): Promise<Result<Certificate>> {
    const officer = permits(actor, 'compliance:register-certificates');
    const refusal = officer ? undefined : authorise(actor, 'compliance:certify-self');
    if (refusal) return refusal;
    const now = this.records.clock.now();
    const wrong = paperProblem(input, dayAt(now, 'UTC'));
    if (wrong) return invalid(REGISTER_ERRORS.CERTIFICATE, wrong.path, wrong.message);
    const holder = officer ? named(input) : own(actor, input);
    if ('refused' in holder) return holder;
    return this.commands.run<Result<Certificate>>(actor, 'compliance.submit-certificate', input, async (tx) => {
      if (holder.holderId && !(await this.identity.byId(holder.holderId))) return invalid(REGISTER_ERRORS.ORGANISATION, 'holderId', 'no such organisation');
      if (holder.holderId && (await this.certificates.openOf(tx, holder.holderId)) >= MOST_OPEN) return stateConflict(REGISTER_ERRORS.TOO_MANY_OPEN, `${MOST_OPEN} certificates wait already`, 'SUBMITTED');
      const { scheme, number, issuingBody, grantedIn, scope, dataKinds, validFrom, validUntil, registerUrl, documentSha256 = null } = input;
      const certificate: Certificate = {
        id: newId(), ...holder, scheme, number: number.normalize('NFC').trim(), issuingBody: issuingBody.normalize('NFC').trim(), grantedIn, scope, dataKinds: [...dataKinds], validFrom, validUntil, documentSha256, registerUrl,
        state: 'SUBMITTED', submittedBy: actor.subject, submittedAt: now, checkedBy: null, checkedAt: null, confirmedBy: null, changedBy: actor.subject, changedAt: now,
      };
      if (!(await this.certificates.insert(tx, certificate))) return stateConflict(REGISTER_ERRORS.CERTIFICATE_TWICE, 'this certificate was handed in and waits', 'SUBMITTED');
      const { id, holderId } = certificate;
      await this.certificates.note(tx, id, 'submit', 'SUBMITTED', null, now);
      await this.records.audit.append(tx, actor, { act: 'certificate.submit', objectType: 'certificate', objectId: id, tenantId: holderId, details: { ...input } });
      await this.records.outbox.publish(tx, actor, CertificateChanged, id, { certificateId: id, holderId, scheme, state: 'SUBMITTED' });
      return certificate;
    });
  }
}

type Named = Pick<Certificate, 'holderId' | 'holderName' | 'holderCountry'>;
const wrongHolder = (path: string, message: string): InvalidInput => invalid(REGISTER_ERRORS.CERTIFICATE_HOLDER, path, message);

function own(actor: Actor, { holderId, holderName, holderCountry }: Holder): Named | InvalidInput {
  const mine = organisationOf(actor);
  if (holderId && holderId !== mine) return wrongHolder('holderId', 'a certificate of your own organisation');
  return holderName || holderCountry ? wrongHolder('holderName', 'a certificate of your own organisation') : { holderId: mine, holderName: null, holderCountry: null };
}

function named({ holderId, holderName, holderCountry }: Holder): Named | InvalidInput {
  if (holderId) return holderName || holderCountry ? wrongHolder('holderName', 'a member, or a body outside the exchange by name and country') : { holderId, holderName: null, holderCountry: null };
  if (!holderName || !holderCountry) return wrongHolder('holderName', 'a member, or a body outside the exchange by name and country');
  return isCountry(holderCountry) ? { holderId: null, holderName: holderName.normalize('NFC').trim(), holderCountry } : invalid(REGISTER_ERRORS.COUNTRY, 'holderCountry', 'an ISO 3166-1 alpha-2 code');
}
