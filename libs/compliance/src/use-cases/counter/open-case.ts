import { Injectable } from '@nestjs/common';
import { type Actor, authorise, Identity, organisationOf } from '#identity';
import { type Caller, Commands, invalid, newId, type Refusal, type Result, stateConflict, type Tx } from '#shared';
import { COUNTER_ERRORS } from '../../counter.errors.js';
import type { Scope } from '../../domain/approvals/approval.js';
import type { CaseKind, CaseSide } from '../../domain/counter/case-kind.js';
import { CASE_RULES, mechanismOf } from '../../domain/counter/case-kinds.js';
import type { CounterCase } from '../../domain/counter/counter-case.js';
import { checkScope } from '../../domain/counter/check-scope.js';
import { CaseRepository } from '../../storage/case.repository.js';
import { CaseSubjects } from './case-subjects.js';
import { CaseTimes, NO_TIME } from './case-times.js';
import { RecordCase } from './record-case.js';

export interface OpenCaseInput {
  readonly kind: CaseKind;
  readonly subjectType: string;
  readonly subjectId: string;
  readonly mechanism?: string | null;
  readonly counterpartyId?: string | null;
  readonly assessorId?: string | null;
  readonly scope?: Partial<Scope>;
}
/** As another room asks for it: it says whose case it is, and answers for the subject and for the decision that the case comes from. */
export interface OpenCaseRequest extends OpenCaseInput {
  readonly applicantId: string;
  readonly decisionId?: string | null;
}

const NO_LIMITS: Scope = { purposes: null, destinations: null, productIds: null, persons: null, sensitivePersons: null, recipientId: null };
/** Of one trader, as he opens them himself; those that orders open come on top. */
const MOST_OPEN = 200;
/** A case that is open when it is inserted and closed when it is looked up was closed in between: then there is room for a new one. */
const ATTEMPTS = 3;

/** Opens a case at the counter. While one is open for the same matter, whoever opens it again gets that one. */
@Injectable()
export class OpenCase {
  constructor(
    private readonly commands: Commands, private readonly cases: CaseRepository, private readonly identity: Identity, private readonly subjects: CaseSubjects, private readonly times: CaseTimes, private readonly recorder: RecordCase,
  ) {}

  /** A trader opens it for himself. */
  async execute(actor: Actor, input: OpenCaseInput): Promise<Result<CounterCase>> {
    const refusal = authorise(actor, 'compliance:counter');
    if (refusal) return refusal;
    const applicantId = organisationOf(actor);
    return this.commands.run<Result<CounterCase>>(actor, 'compliance.open-case', input, async (tx) => {
      const known = await this.subjects.check(tx, input.subjectType, { kind: input.kind, subjectId: input.subjectId, applicantId });
      if (known && 'refused' in known) return known;
      if ((await this.cases.countOpen(tx, applicantId)) >= MOST_OPEN) return stateConflict(COUNTER_ERRORS.TOO_MANY, `${MOST_OPEN} cases are open: see some of them through first`, 'OPEN');
      const scope = { ...(CASE_RULES[input.kind].approval ? known?.scope : {}), ...stated(input.scope) };
      return this.open(tx, actor, { ...input, applicantId, scope }, 'APPLICANT');
    });
  }

  /** In the transaction of whoever needs it. */
  async open(tx: Tx, caller: Caller, request: OpenCaseRequest, side: CaseSide | 'EXCHANGE' = 'EXCHANGE'): Promise<Result<CounterCase>> {
    const { kind, subjectType, subjectId, applicantId } = request;
    const rules = CASE_RULES[kind];
    const mechanism = mechanismOf(kind, request.mechanism ?? null);
    if (mechanism === undefined) return invalid(COUNTER_ERRORS.MECHANISM, 'mechanism', rules.mechanisms ? `one of ${rules.mechanisms.join(', ')}` : 'a word of the rulebooks that no other kind of case is for');
    if (rules.subjects && !rules.subjects.includes(subjectType)) return invalid(COUNTER_ERRORS.SUBJECT, 'subjectType', `one of ${rules.subjects.join(', ')}`);
    const scope = scopeOf(request);
    if (rules.bilateral && !scope.recipientId) return invalid(COUNTER_ERRORS.SCOPE, 'scope.recipientId', 'who receives the data: a contract binds its two parties');
    const wrong = checkScope(scope) ?? (await this.parties(request, scope));
    if (wrong) return wrong;
    const place = (await this.identity.byId(applicantId))!.jurisdiction;
    const calendar = this.times.calendarFor({ kind }, place);
    const opened: CounterCase = {
      ...NO_TIME, id: newId(), kind, state: rules.initial, applicantId, counterpartyId: request.counterpartyId ?? scope.recipientId, assessorId: request.assessorId ?? null, subjectType, subjectId, mechanism, decisionId: request.decisionId ?? null,
      scope, calendar, assigneeId: null, openedAt: this.times.now(), timed: false, late: false, checkedBy: null, closedAt: null, workingDays: null,
    };
    const running = { ...opened, ...this.times.entering(opened, opened.state, this.times.today(calendar)) };
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (await this.recorder.open(tx, caller, running, side)) return running;
      const standing = await this.cases.openOne(tx, running);
      if (standing) return standing;
    }
    throw new Error(`case ${kind} about ${subjectType} ${subjectId} is opened and closed without end`);
  }

  private async parties({ kind, applicantId, assessorId, counterpartyId }: OpenCaseRequest, { recipientId }: Scope): Promise<Refusal | undefined> {
    const organisations = await this.identity.byIds([applicantId, assessorId, counterpartyId, recipientId].filter((id) => typeof id === 'string'));
    if (!organisations.has(applicantId)) return invalid(COUNTER_ERRORS.PARTY, 'applicantId', 'an organisation');
    const assessor = organisations.get(assessorId ?? '');
    if (!CASE_RULES[kind].assessor && assessorId) return invalid(COUNTER_ERRORS.ASSESSOR, 'assessorId', 'none for a case of this kind');
    if (CASE_RULES[kind].assessor && (assessor?.kind !== 'ASSESSOR' || assessor.state !== 'VERIFIED' || assessor.id === applicantId)) return invalid(COUNTER_ERRORS.ASSESSOR, 'assessorId', 'another organisation, verified, of the kind ASSESSOR');
    for (const [path, id] of [['counterpartyId', counterpartyId], ['scope.recipientId', recipientId]] as const) {
      if (id && (!organisations.has(id) || id === applicantId)) return invalid(COUNTER_ERRORS.PARTY, path, 'another organisation');
    }
    return undefined;
  }
}

/** Where another party of the transfer is named and no recipient, an approval is for that party. */
function scopeOf({ kind, counterpartyId, scope }: OpenCaseRequest): Scope {
  const asked: Scope = { ...NO_LIMITS, ...scope };
  return CASE_RULES[kind].approval ? { ...asked, recipientId: asked.recipientId ?? counterpartyId ?? null } : asked;
}

/** What is left out, or null, says nothing: a case asks for what its subject needs, not for everything. */
const stated = (scope: Partial<Scope> = {}): Partial<Scope> => Object.fromEntries(Object.entries(scope).filter(([, value]) => value !== null && value !== undefined));
