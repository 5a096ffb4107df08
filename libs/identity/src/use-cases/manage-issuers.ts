import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Clock, Commands, Config, invalid, isRefused, newId, notFound, type Result, stateConflict, type Tx } from '#shared';
import { type Actor, authorise } from '../domain/actor.js';
import { isSignIn } from '../domain/issuer.js';
import { checkProposal, type ProposeIssuerInput } from '../domain/issuer-proposal.js';
import { issuerStates } from '../domain/issuer-state.js';
import { IDENTITY_ERRORS } from '../identity.errors.js';
import { ClientKeyRing } from '../sign-in/client-key-ring.js';
import { IssuerRepository, type RecognisedIssuer } from '../storage/issuer.repository.js';

export interface WithdrawIssuerInput {
  readonly id: string;
  readonly reason: string;
}

/** Officers decide whose word about people and organisations is taken: one proposes, another approves, any of them withdraws. */
@Injectable()
export class ManageIssuers {
  constructor(
    private readonly commands: Commands, private readonly issuers: IssuerRepository, private readonly keys: ClientKeyRing,
    private readonly audit: Audit, private readonly clock: Clock, private readonly config: Config,
  ) {}

  async propose(actor: Actor, input: ProposeIssuerInput): Promise<Result<RecognisedIssuer>> {
    const refusal = authorise(actor, 'identity:manage-issuers') ?? checkProposal(input, !this.config.production);
    if (refusal) return refusal;
    if ([this.config.issuer, this.config.publicUrl].includes(input.issuer)) return invalid(IDENTITY_ERRORS.ISSUER_IS_OURS, 'issuer', 'another than that of the configuration and than the exchange itself');
    const keys = isSignIn(input.profile) ? await this.keys.make(input.issuer) : [];
    return this.commands.run<Result<RecognisedIssuer>>(actor, 'identity.propose-issuer', input, async (tx) => {
      const now = this.clock.now();
      const validFrom = input.validFrom ?? now;
      if (input.validTo && (input.validTo <= validFrom || input.validTo <= now)) return invalid(IDENTITY_ERRORS.ISSUER_DATES, 'validTo', 'after validFrom and in the future');
      const row: RecognisedIssuer = {
        ...input, id: newId(), validFrom, audiences: [...input.audiences], algorithms: [...new Set(input.algorithms)], authorisedParties: [...input.authorisedParties], scopes: [...input.scopes],
        acrLevels: input.acrLevels.map(({ acr, level }) => ({ acr, level })), organisationClaims: input.organisationClaims.map(({ pointer, scheme, legalNamePointer }) => ({ pointer, scheme, legalNamePointer })),
        displayName: input.displayName.normalize('NFC').trim(), state: 'PROPOSED', proposedBy: actor.memberId!, proposedAt: now, approvedBy: null, approvedAt: null, withdrawnBy: null, withdrawnAt: null,
      };
      await this.issuers.insert(tx, row);
      await this.keys.keep(tx, keys);
      await this.audit.append(tx, actor, { act: 'issuer.propose', objectType: 'issuer', objectId: row.id, details: { ...input } });
      return row;
    });
  }

  /** From now on, or from its date on, the row is in force; a row of the same issuer that came before ends then. */
  async approve(actor: Actor, id: string): Promise<Result<RecognisedIssuer>> {
    const refusal = authorise(actor, 'identity:manage-issuers');
    if (refusal) return refusal;
    return this.commands.run<Result<RecognisedIssuer>>(actor, 'identity.approve-issuer', { id }, async (tx) => {
      const row = await this.issuers.lock(tx, id);
      if (!row) return notFound('issuer');
      const now = this.clock.now();
      const validFrom = row.validFrom > now ? row.validFrom : now;
      if (row.state === 'PROPOSED' && row.proposedBy === actor.memberId) return stateConflict(IDENTITY_ERRORS.ISSUER_FOUR_EYES, 'another officer approves what you proposed', row.state);
      if (row.validTo && row.validTo <= validFrom) return stateConflict(IDENTITY_ERRORS.ISSUER_DATES, 'its time is over: propose it again', row.state);
      const state = await this.audit.transition(tx, actor, { table: issuerStates, state: row.state, event: 'approve', objectType: 'issuer', objectId: id, details: { issuer: row.issuer, validFrom } });
      if (isRefused(state)) return state;
      const conflict = await this.endOthers(tx, actor, row, validFrom);
      if (conflict) return conflict;
      await this.issuers.approve(tx, id, actor.memberId!, now, validFrom);
      return { ...row, state, validFrom, approvedBy: actor.memberId, approvedAt: now };
    });
  }

  async withdraw(actor: Actor, input: WithdrawIssuerInput): Promise<Result<RecognisedIssuer>> {
    const refusal = authorise(actor, 'identity:manage-issuers');
    if (refusal) return refusal;
    return this.commands.run<Result<RecognisedIssuer>>(actor, 'identity.withdraw-issuer', input, async (tx) => {
      const row = await this.issuers.lock(tx, input.id);
      if (!row) return notFound('issuer');
      const state = await this.audit.transition(tx, actor, { table: issuerStates, state: row.state, event: 'withdraw', objectType: 'issuer', objectId: row.id, reason: input.reason, details: { issuer: row.issuer } });
      if (isRefused(state)) return state;
      const withdrawnAt = this.clock.now();
      await this.issuers.withdraw(tx, row.id, actor.memberId!, withdrawnAt);
      return { ...row, state, withdrawnBy: actor.memberId, withdrawnAt };
    });
  }

  private async endOthers(tx: Tx, actor: Actor, row: RecognisedIssuer, validFrom: Date) {
    for (const other of await this.issuers.lockActive(tx, row.issuer)) {
      if ((other.validTo && other.validTo <= validFrom) || (row.validTo && row.validTo <= other.validFrom)) continue;
      if (other.validFrom >= validFrom) return stateConflict(IDENTITY_ERRORS.ISSUER_OVERLAPS, `the row ${other.id} of this issuer is in force in the same time: withdraw it first`, row.state);
      await this.issuers.end(tx, other.id, validFrom);
      await this.audit.append(tx, actor, { act: 'issuer.supersede', objectType: 'issuer', objectId: other.id, details: { by: row.id, validTo: validFrom } });
    }
    return undefined;
  }
}
