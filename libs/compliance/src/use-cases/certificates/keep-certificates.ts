import { Injectable } from '@nestjs/common';
import { type Actor, authorise } from '#identity';
import { accepted, Clock, Commands, eachSafely, notFound, type Result, stateConflict, systemCaller, type Tx, UnitOfWork } from '#shared';
import { dayAt } from '../../domain/days.js';
import { type CertificateEvent, certificateStates } from '../../domain/certificates/certificate.js';
import { REGISTER_ERRORS } from '../../register.errors.js';
import { type Certificate, CertificateRepository } from '../../storage/certificate.repository.js';
import { MoveCertificate } from './move-certificate.js';

const BATCH = 200;
/** A certificate's last day is over once it is over everywhere. */
const LAST_ZONE = 'Etc/GMT+12';

interface Named {
  readonly certificateId: string;
}

/** Officers verify certificates against the public register of the body that issued them, two of them each; to take one away, one is enough. */
@Injectable()
export class KeepCertificates {
  constructor(
    private readonly commands: Commands, private readonly uow: UnitOfWork, private readonly certificates: CertificateRepository, private readonly move: MoveCertificate, private readonly clock: Clock,
  ) {}

  /** The first officer found it in the register. `registerUrl`: where, if elsewhere than the holder said. */
  verify(actor: Actor, input: Named & { readonly registerUrl?: string | null; readonly note: string }): Promise<Result<Certificate>> {
    return this.act(actor, 'verify', input, async (tx, certificate) => {
      if (certificate.state === 'SUBMITTED' && (await this.certificates.countsElsewhere(tx, certificate))) return stateConflict(REGISTER_ERRORS.CERTIFICATE_TAKEN, 'this certificate is registered already', certificate.state);
      return this.move.execute(tx, actor, certificate, 'check', input.note, { checkedBy: actor.subject, checkedAt: this.clock.now(), registerUrl: input.registerUrl ?? certificate.registerUrl });
    });
  }
  /** The second one puts it in force. */
  confirm(actor: Actor, input: Named): Promise<Result<Certificate>> {
    return this.act(actor, 'confirm', input, async (tx, certificate) => {
      const { state, checkedBy, validUntil } = certificate;
      if (state === 'CHECKED' && checkedBy === actor.subject) return stateConflict(REGISTER_ERRORS.FOUR_EYES, 'another officer confirms what you checked', state);
      if (state === 'CHECKED' && validUntil && validUntil < dayAt(this.clock.now(), LAST_ZONE)) return stateConflict(REGISTER_ERRORS.CERTIFICATE_DATES, 'it has run out: refuse it', state);
      return this.move.execute(tx, actor, certificate, 'confirm', null, { confirmedBy: actor.subject });
    });
  }
  /** What is put back counts again, so another officer does it than suspended it. */
  reinstate(actor: Actor, input: Named & { readonly reason: string }): Promise<Result<Certificate>> {
    return this.act(actor, 'reinstate', input, async (tx, certificate) => {
      const { state, changedBy } = certificate;
      if (state === 'SUSPENDED' && changedBy === actor.subject) return stateConflict(REGISTER_ERRORS.FOUR_EYES, 'another officer reinstates what you suspended', state);
      return this.move.execute(tx, actor, certificate, 'reinstate', input.reason);
    });
  }
  /** Takes it away, or says no to it: at once, by one. */
  take(actor: Actor, event: 'refuse' | 'suspend' | 'revoke', input: Named & { readonly reason: string }): Promise<Result<Certificate>> {
    return this.act(actor, event, input, (tx, certificate) => this.move.execute(tx, actor, certificate, event, input.reason));
  }

  async expireLapsed(): Promise<void> {
    const today = dayAt(this.clock.now(), LAST_ZONE);
    await eachSafely('certificate-expiry', await this.certificates.lapsed(today, BATCH), (id) => this.uow.run(async (tx) => {
      const certificate = await this.certificates.lock(tx, id);
      if (certificate && certificateStates.next(certificate.state, 'expire')) accepted(await this.move.execute(tx, systemCaller('certificate-expiry'), certificate, 'expire', null));
    }));
  }

  private async act(actor: Actor, verb: CertificateEvent | 'verify', input: Named, work: (tx: Tx, certificate: Certificate) => Promise<Result<Certificate>>): Promise<Result<Certificate>> {
    const refusal = authorise(actor, 'compliance:register-certificates');
    if (refusal) return refusal;
    return this.commands.run<Result<Certificate>>(actor, `compliance.${verb}-certificate`, input, async (tx) => {
      const certificate = await this.certificates.lock(tx, input.certificateId);
      return certificate ? work(tx, certificate) : notFound('certificate');
    });
  }
}
