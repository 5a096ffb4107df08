import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Caller, Clock, isRefused, type StateConflict, type Tx } from '#shared';
import { type CertificateEvent, certificateStates } from '../../domain/certificates/certificate.js';
import { CertificateChanged } from '../../register.events.js';
import { type Certificate, CertificateRepository } from '../../storage/certificate.repository.js';

/** The one way in which a certificate changes its state: audit line, history and message with it. */
@Injectable()
export class MoveCertificate {
  constructor(private readonly certificates: CertificateRepository, private readonly audit: Audit, private readonly clock: Clock) {}

  async execute(
    tx: Tx, caller: Caller, certificate: Certificate, event: CertificateEvent, reason: string | null, change: Partial<Pick<Certificate, 'checkedBy' | 'checkedAt' | 'confirmedBy' | 'registerUrl'>> = {},
  ): Promise<Certificate | StateConflict> {
    const { id, holderId, scheme } = certificate;
    const to = certificateStates.next(certificate.state, event);
    const state = await this.audit.transition(tx, caller, {
      table: certificateStates, state: certificate.state, event, objectType: 'certificate', objectId: id, tenantId: holderId, reason,
      announce: { type: CertificateChanged, payload: { certificateId: id, holderId, scheme, state: to } },
    });
    if (isRefused(state)) return state;
    const changedAt = this.clock.now();
    const moved = { ...change, state, changedBy: caller.subject, changedAt };
    await this.certificates.move(tx, id, moved);
    await this.certificates.note(tx, id, event, state, reason, changedAt);
    return { ...certificate, ...moved };
  }
}
