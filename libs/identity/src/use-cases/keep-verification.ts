import { Injectable } from '@nestjs/common';
import { Clock, eachSafely, Outbox, systemCaller, UnitOfWork } from '#shared';
import { VERIFICATION_NOTICE_DAYS } from '../domain/assurance.js';
import { VerificationDue } from '../identity.events.js';
import { OrganisationRepository } from '../storage/organisation.repository.js';
import { LapseVerification } from './lapse-verification.js';

const BATCH = 100;
const CALLER = systemCaller('verification');

/** A verification that has run out lapses, and one that soon will is announced, once. Requests do not wait for the lapse: they read the date. */
@Injectable()
export class KeepVerification {
  constructor(
    private readonly uow: UnitOfWork, private readonly organisations: OrganisationRepository, private readonly lapses: LapseVerification, private readonly outbox: Outbox, private readonly clock: Clock,
  ) {}

  async execute(): Promise<void> {
    const now = this.clock.now();
    const soon = new Date(now.getTime() + VERIFICATION_NOTICE_DAYS * 86_400_000);
    await eachSafely('identity.verification', await this.organisations.overdue(now, BATCH), (id) => this.lapse(id));
    await eachSafely('identity.verification', await this.organisations.fallingDue(now, soon, BATCH), (id) => this.announce(id));
  }

  private lapse(id: string): Promise<unknown> {
    return this.uow.run(async (tx) => {
      const organisation = await this.organisations.lock(tx, id);
      const due = organisation?.verificationDueAt;
      // Another process was faster, or it was verified anew meanwhile.
      if (!organisation || organisation.state !== 'VERIFIED' || !due || due > this.clock.now()) return;
      await this.lapses.execute(tx, CALLER, organisation, `not verified again by ${due.toISOString()}`);
    });
  }

  private announce(id: string): Promise<unknown> {
    return this.uow.run(async (tx) => {
      const organisation = await this.organisations.lock(tx, id);
      if (!organisation || organisation.state !== 'VERIFIED' || organisation.verificationAnnouncedAt || !organisation.verificationDueAt) return;
      await this.organisations.setAnnounced(tx, id, this.clock.now());
      await this.outbox.publish(tx, CALLER, VerificationDue, id, { organisationId: id, legalName: organisation.legalName, verificationDueAt: organisation.verificationDueAt });
    });
  }
}
