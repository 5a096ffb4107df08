import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Clock, Commands, isRefused, newId, notFound, notPermitted, Outbox, type Page, type PageRequest, type Result, stateConflict } from '#shared';
import { type Actor, authorise, organisationOf, permits } from '../domain/actor.js';
import { elevationStates } from '../domain/membership-state.js';
import { type OperativeRole, secondPersonDiffers } from '../domain/separation.js';
import { IDENTITY_ERRORS } from '../identity.errors.js';
import { BreakGlassUsed } from '../identity.events.js';
import { type Elevation, ElevationRepository } from '../storage/elevation.repository.js';
import { MemberRepository } from '../storage/member.repository.js';

export interface BreakGlassInput {
  /** One operative role. */
  readonly roles: readonly OperativeRole[];
  readonly reason: string;
  readonly minutes: number;
}
export interface ReviewBreakGlassInput {
  readonly elevationId: string;
  readonly justified: boolean;
  readonly finding: string;
}

const REVIEW_WITHIN_DAYS = 7;
/** An emergency takes one role, perhaps a second; more is a habit. */
const MOST_UNREVIEWED = 2;

/** In an emergency a member of the staff takes one operative role more for at most an hour. It is said loudly, and somebody else looks at it afterwards. */
@Injectable()
export class BreakGlass {
  constructor(
    private readonly commands: Commands, private readonly members: MemberRepository, private readonly elevations: ElevationRepository, private readonly audit: Audit,
    private readonly outbox: Outbox, private readonly clock: Clock,
  ) {}

  async execute(actor: Actor, input: BreakGlassInput): Promise<Result<Elevation>> {
    const refusal = authorise(actor, 'identity:break-glass');
    if (refusal) return refusal;
    const role = input.roles[0]!;
    return this.commands.run<Result<Elevation>>(actor, 'identity.break-glass', input, async (tx) => {
      const member = (await this.members.lockActive(tx, organisationOf(actor))).find((m) => m.id === actor.memberId);
      if (!member) return notPermitted('identity:break-glass');
      if (member.roles.includes(role)) return stateConflict(IDENTITY_ERRORS.ROLE_HELD, 'the role is yours already', member.state);
      const createdAt = this.clock.now();
      const open = await this.elevations.openOf(tx, member.id);
      if (open.some((e) => e.validUntil > createdAt)) return stateConflict(IDENTITY_ERRORS.ELEVATION_OPEN, 'one role at a time: another is still in force', 'OPEN');
      if (open.some((e) => createdAt.getTime() - e.createdAt.getTime() > REVIEW_WITHIN_DAYS * 86_400_000)) return stateConflict(IDENTITY_ERRORS.ELEVATION_UNREVIEWED, `one of yours waits for its review for more than ${REVIEW_WITHIN_DAYS} days`, 'OPEN');
      if (open.length >= MOST_UNREVIEWED) return stateConflict(IDENTITY_ERRORS.ELEVATION_UNREVIEWED, `${open.length} of yours wait for their review`, 'OPEN');
      const elevation: Elevation = {
        id: newId(), organisationId: member.organisationId, memberId: member.id, role, reason: input.reason.normalize('NFC'), validUntil: new Date(createdAt.getTime() + input.minutes * 60_000),
        state: 'OPEN', reviewedBy: null, reviewedAt: null, justified: null, finding: null, createdAt,
      };
      await this.elevations.insert(tx, elevation);
      const { id, memberId, reason, validUntil } = elevation;
      await this.audit.append(tx, actor, { act: 'break-glass.use', objectType: 'elevation', objectId: id, reason, details: { memberId, role, validUntil } });
      await this.outbox.publish(tx, actor, BreakGlassUsed, id, { elevationId: id, memberId, role, reason, validUntil: validUntil.toISOString() });
      return elevation;
    });
  }

  /** Somebody else's look at it. Where the role is still held, that ends it. */
  async review(actor: Actor, input: ReviewBreakGlassInput): Promise<Result<Elevation>> {
    const refusal = authorise(actor, 'identity:review-break-glass');
    if (refusal) return refusal;
    // An auditor's role reads only; his review is the one thing that he writes.
    return this.commands.runAcross<Result<Elevation>>(actor, 'identity.review-break-glass', input, async (tx) => {
      const elevation = await this.elevations.lock(tx, input.elevationId);
      if (!elevation || elevation.organisationId !== actor.tenantId) return notFound('elevation');
      if (!secondPersonDiffers('identity:break-glass', 'identity:review-break-glass', { first: elevation.memberId, second: actor.memberId })) return stateConflict(IDENTITY_ERRORS.REVIEW_FOUR_EYES, 'somebody else reviews it', elevation.state);
      const state = await this.audit.transition(tx, actor, { table: elevationStates, state: elevation.state, event: 'review', objectType: 'elevation', objectId: elevation.id, reason: input.finding, details: { justified: input.justified } });
      if (isRefused(state)) return state;
      const reviewed: Elevation = { ...elevation, state, reviewedBy: actor.memberId, reviewedAt: this.clock.now(), justified: input.justified, finding: input.finding.normalize('NFC') };
      await this.elevations.review(tx, reviewed);
      return reviewed;
    });
  }

  /** Every use, newest first, or those alone that wait for their review. */
  async page(actor: Actor, onlyOpen: boolean, request: PageRequest): Promise<Page<Elevation> | null> {
    return permits(actor, 'identity:read-all') ? this.elevations.page(organisationOf(actor), onlyOpen, request) : null;
  }
  /** Those of the actor himself that wait for their review; in force or not. */
  async mine(actor: Actor): Promise<Elevation[]> {
    return actor.organisationKind === 'EXCHANGE' && actor.memberId ? this.elevations.unreviewed(actor.memberId) : [];
  }
}
