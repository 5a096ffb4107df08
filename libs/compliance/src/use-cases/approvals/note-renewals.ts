import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Clock, eachSafely, Outbox, systemCaller, UnitOfWork } from '#shared';
import { ApprovalRenewalDue } from '../../counter.events.js';
import { dayAt } from '../../domain/days.js';
import { Calendars } from '../../domain/calendar/calendar.js';
import { addDays } from '../../domain/calendar/days.js';
import type { Approval } from '../../domain/approvals/approval.js';
import { RENEWAL_HORIZON_DAYS, renewalFrom, RENEWALS } from '../../domain/approvals/renewal.js';
import { ApprovalRepository } from '../../storage/approval.repository.js';

const BATCH = 500;
const CALLER = systemCaller('approval-renewal');

/** Tells, once for each approval, that its renewal is due: 60 working days before the end of an assessment, six months before that of a certification. */
@Injectable()
export class NoteRenewals {
  constructor(
    private readonly uow: UnitOfWork, private readonly approvals: ApprovalRepository, private readonly calendars: Calendars, private readonly audit: Audit, private readonly outbox: Outbox, private readonly clock: Clock,
  ) {}

  async execute(): Promise<void> {
    const today = dayAt(this.clock.now(), 'Asia/Shanghai');
    const near = await this.approvals.toRenew(Object.keys(RENEWALS), today, addDays(today, RENEWAL_HORIZON_DAYS), BATCH);
    const due = near.filter((a) => (renewalFrom(a.type, a.validUntil!, this.calendars) ?? '9999-12-31') <= today);
    await eachSafely('approval renewal', due, (approval) => this.note(approval));
  }

  private async note({ id }: Approval): Promise<void> {
    await this.uow.run(async (tx) => {
      const approval = await this.approvals.lock(tx, id);
      if (!approval || approval.state !== 'ACTIVE' || approval.renewalNotedAt) return;
      await this.approvals.noteRenewal(tx, id, this.clock.now());
      const { holderId, type, validUntil } = approval;
      await this.audit.append(tx, CALLER, { act: 'approval.renewal-due', objectType: 'approval', objectId: id, tenantId: holderId, details: { type, validUntil } });
      await this.outbox.publish(tx, CALLER, ApprovalRenewalDue, id, { approvalId: id, holderId, type, validUntil: validUntil! });
    });
  }
}
