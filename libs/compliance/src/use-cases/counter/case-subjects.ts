import { Injectable } from '@nestjs/common';
import { invalid, notFound, type Refusal, type Tx } from '#shared';
import type { Scope } from '../../domain/approvals/approval.js';
import type { CaseKind } from '../../domain/counter/case-kind.js';
import { DecisionRepository } from '../../storage/decision.repository.js';
import { COUNTER_ERRORS } from '../../counter.errors.js';

export interface SubjectRequest {
  readonly kind: CaseKind;
  readonly subjectId: string;
  readonly applicantId: string;
}
/** What a case about it asks for, as far as whoever opens it does not say otherwise. */
export interface KnownSubject {
  readonly scope: Partial<Scope>;
}
/** Whether this organisation may have such a case about it; what is not there, or not his, is not found. */
export type SubjectCheck = (tx: Tx, request: SubjectRequest) => Promise<Refusal | KnownSubject | undefined>;

/** What cases are about lies in other rooms: each says of its own things who may bring them to the counter. */
@Injectable()
export class CaseSubjects {
  private readonly checks = new Map<string, SubjectCheck>();

  constructor(private readonly decisions: DecisionRepository) {
    this.register('organisation', (_, { subjectId, applicantId }) => Promise.resolve(subjectId === applicantId ? undefined : notFound('organisation')));
    this.register('decision', (_, request) => this.decision(request));
  }

  register(subjectType: string, check: SubjectCheck): void {
    if (this.checks.has(subjectType)) throw new Error(`cases about ${subjectType} are checked twice`);
    this.checks.set(subjectType, check);
  }

  async check(tx: Tx, subjectType: string, request: SubjectRequest): Promise<Refusal | KnownSubject | undefined> {
    const check = this.checks.get(subjectType);
    return check ? check(tx, request) : invalid(COUNTER_ERRORS.SUBJECT, 'subjectType', `one of ${[...this.checks.keys()].join(', ')}; cases about other things are opened where those are`);
  }

  private async decision({ subjectId, applicantId }: SubjectRequest): Promise<Refusal | KnownSubject> {
    const found = (await this.decisions.byIds([subjectId])).get(subjectId);
    if (!found || ![found.exporterId, found.recipientId].includes(applicantId)) return notFound('decision');
    const { destination, onward } = found.facts;
    return { scope: found.exporterId === applicantId ? { recipientId: found.recipientId, destinations: [...new Set([destination, ...(onward ?? [])])] } : {} };
  }
}
