import { Injectable } from '@nestjs/common';
import type { Actor } from '#identity';
import { isRefused, Outbox, type Refusal, type Tx } from '#shared';
import { ObjectionDecided, OpinionDelivered } from '../../counter.events.js';
import { type CounterCase, newest } from '../../domain/counter/counter-case.js';
import { type Grant, GrantApproval } from '../approvals/grant-approval.js';

/** What the end of a case does beyond it: an approval, or an event that another room answers. */
@Injectable()
export class CaseEffects {
  constructor(private readonly granting: GrantApproval, private readonly outbox: Outbox) {}

  /** The refusal, where it cannot be; the transaction is then rolled back. */
  async of(tx: Tx, actor: Actor, c: CounterCase, grant: Grant): Promise<Refusal | undefined> {
    const { step, details, documents } = grant;
    switch (step.effect) {
      case undefined: return undefined;
      case 'GRANT': {
        const granted = await this.granting.execute(tx, actor, c, grant);
        return isRefused(granted) ? granted : undefined;
      }
      case 'DELIVER_OPINION': {
        const { favourable, scope } = details.opinion!;
        const documentSha256 = newest(documents, 'OPINION')!.sha256;
        await this.outbox.publish(tx, actor, OpinionDelivered, c.id, { caseId: c.id, productId: c.subjectId, assessorId: c.assessorId!, favourable, scope, documentSha256, validUntil: details.validUntil! });
        return undefined;
      }
      case 'UPHOLD': case 'DISMISS': {
        const { id, applicantId, subjectType, subjectId } = c;
        await this.outbox.publish(tx, actor, ObjectionDecided, id, { caseId: id, applicantId, subjectType, subjectId, upheld: step.effect === 'UPHOLD', reason: details.reason! });
        return undefined;
      }
      default: return step.effect satisfies never;
    }
  }
}
