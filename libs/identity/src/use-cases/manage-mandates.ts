import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Clock, Commands, invalid, isCurrency, isRefused, MAX_MINOR, newId, notFound, type Page, type PageRequest, type Result, stateConflict } from '#shared';
import { type Actor, authorise, organisationOf, permits } from '../domain/actor.js';
import { mandateStates } from '../domain/membership-state.js';
import { isAdmin } from '../domain/roles.js';
import type { SigningMode } from '../domain/signing.js';
import { IDENTITY_ERRORS } from '../identity.errors.js';
import { type Mandate, MandateRepository } from '../storage/mandate.repository.js';
import { MemberRepository } from '../storage/member.repository.js';

export interface GrantMandateInput {
  readonly memberId: string;
  readonly currency: string;
  /** Of one agreement, minor units; left out: unlimited. */
  readonly maxMinor?: bigint | null;
  readonly mode: SigningMode;
  /** From now on when left out. */
  readonly validFrom?: Date | null;
  readonly validTo?: Date | null;
  /** What the authority stands on: the board's resolution, its date and number. */
  readonly evidence: string;
  /** The verified credential that it stands on, where there is one. */
  readonly credentialId?: string | null;
}

/** Signing looks at all of them while an order waits. */
const ACTIVE_PER_MEMBER = 20;

/** Who may sign for the organisation, up to what amount, alone or with a second. Four eyes: nobody grants himself one while there is another administrator. */
@Injectable()
export class ManageMandates {
  constructor(private readonly commands: Commands, private readonly mandates: MandateRepository, private readonly members: MemberRepository, private readonly audit: Audit, private readonly clock: Clock) {}

  async grant(actor: Actor, input: GrantMandateInput): Promise<Result<Mandate>> {
    const refusal = authorise(actor, 'identity:grant-mandates');
    if (refusal) return refusal;
    if (!isCurrency(input.currency)) return invalid(IDENTITY_ERRORS.MANDATE_LIMIT, 'currency', 'an ISO 4217 code that is traded here');
    const maxMinor = input.maxMinor ?? null;
    if (maxMinor !== null && (maxMinor < 1n || maxMinor > MAX_MINOR)) return invalid(IDENTITY_ERRORS.MANDATE_LIMIT, 'maxMinor', `from 1 to ${MAX_MINOR}, or left out`);
    return this.commands.run<Result<Mandate>>(actor, 'identity.grant-mandate', input, async (tx) => {
      const createdAt = this.clock.now();
      const validFrom = input.validFrom ?? createdAt;
      const validTo = input.validTo ?? null;
      if (validTo && (validTo <= validFrom || validTo <= createdAt)) return invalid(IDENTITY_ERRORS.MANDATE_VALIDITY, 'validTo', 'in the future and after validFrom');
      const all = await this.members.lockActive(tx, organisationOf(actor));
      const holder = all.find((m) => m.id === input.memberId);
      if (!holder) return notFound('member');
      const toHimself = holder.id === actor.memberId;
      if (toHimself && all.filter(isAdmin).length > 1) return invalid(IDENTITY_ERRORS.MANDATE_FOUR_EYES, 'memberId', 'somebody else: another administrator grants you a mandate');
      if ((await this.mandates.holdOf(tx, holder.id)).length >= ACTIVE_PER_MEMBER) return stateConflict(IDENTITY_ERRORS.TOO_MANY_OPEN, `a member holds at most ${ACTIVE_PER_MEMBER} mandates: revoke one`, 'ACTIVE');
      const mandate: Mandate = {
        id: newId(), organisationId: holder.organisationId, memberId: holder.id, currency: input.currency, maxMinor, mode: input.mode, validFrom, validTo, evidence: input.evidence.normalize('NFC'),
        credentialId: input.credentialId ?? null, grantedBy: actor.memberId!, state: 'ACTIVE', revokedAt: null, createdAt,
      };
      await this.mandates.insert(tx, mandate);
      const { memberId, currency, mode } = mandate;
      await this.audit.append(tx, actor, {
        act: 'mandate.grant', objectType: 'mandate', objectId: mandate.id, reason: mandate.evidence, details: { memberId, currency, maxMinor, mode, validFrom, validTo, ...(toHimself ? { grantedToHimselfAsTheOnlyAdministrator: true } : {}) },
      });
      return mandate;
    });
  }

  async revoke(actor: Actor, input: { readonly mandateId: string; readonly reason: string }): Promise<Result<Mandate>> {
    const refusal = authorise(actor, 'identity:grant-mandates');
    if (refusal) return refusal;
    return this.commands.run<Result<Mandate>>(actor, 'identity.revoke-mandate', input, async (tx) => {
      const mandate = await this.mandates.lock(tx, input.mandateId);
      if (!mandate || mandate.organisationId !== actor.tenantId) return notFound('mandate');
      const state = await this.audit.transition(tx, actor, { table: mandateStates, state: mandate.state, event: 'revoke', objectType: 'mandate', objectId: mandate.id, reason: input.reason });
      if (isRefused(state)) return state;
      const revokedAt = this.clock.now();
      await this.mandates.revoke(tx, mandate.id, revokedAt);
      return { ...mandate, state, revokedAt };
    });
  }

  /** The mandates of the actor's organisation, newest first, those that ended too. */
  async page(actor: Actor, request: PageRequest): Promise<Page<Mandate> | null> {
    return permits(actor, 'identity:read-mandates') ? this.mandates.page(organisationOf(actor), request) : null;
  }
}
