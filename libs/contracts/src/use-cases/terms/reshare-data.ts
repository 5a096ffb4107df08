import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Compliance, whySuspended } from '#compliance';
import { type Actor, authorise, Identity, Notices, organisationOf } from '#identity';
import { type Caller, Clock, Commands, invalid, isCountry, isRefused, newId, notFound, type Refusal, type Result, stateConflict, type Tx } from '#shared';
import { CONTRACTS_ERRORS } from '../../contracts.errors.js';
import { purposeCode } from '../../domain/terms/purposes.js';
import { ContractsRepository, type Licence } from '../../storage/contracts.repository.js';
import { type Reshare, ReshareRepository } from '../../storage/reshare.repository.js';
import { TransferFactsOf } from '../transfer-facts.js';
import { JudgeUse } from './judge-use.js';
import { termsRefusal } from './terms-problem.js';

export interface ReshareInput {
  readonly licenceId: string;
  readonly action: Reshare['action'];
  readonly recipientId: string;
  readonly places: readonly string[];
  readonly purpose: string;
}

/** What passing on stands on: the policy, the parties and the law, grouped so that the constructor stays short. */
@Injectable()
export class ReshareGround {
  constructor(readonly contracts: ContractsRepository, readonly judging: JudgeUse, readonly identity: Identity, private readonly transfers: TransferFactsOf, private readonly compliance: Compliance) {}

  /** Asks the law for each place and puts what it says on record. Where the law of a place would not let the vendor hand the data to the recipient there, the licensee does not either: the way round by a third party is none. */
  async decide(tx: Tx, caller: Caller, objectId: string, { productId, agreementId }: Licence, { recipientId, places, purpose }: ReshareInput): Promise<Result<readonly string[]>> {
    const { decisionId: priorDecisionId } = await this.contracts.frozen(tx, agreementId);
    const decisionIds: string[] = [];
    for (const [i, destination] of places.entries()) {
      const sides = await this.transfers.gather({ productId, buyerId: recipientId, destination, purpose, orderId: null });
      const decision = sides && (await this.compliance.decideReshare(tx, caller, { objectId, priorDecisionId, facts: sides.facts }, { purpose, destination, endUsers: [], onward: { planned: false, countries: [] }, statements: [] }));
      if (!decision?.permitted) return invalid(CONTRACTS_ERRORS.TRANSFER_REFUSED, `places.${i}`, decision ? `the transfer to ${destination} is not permitted: ${whySuspended(decision)}` : 'the product is not classified any more');
      decisionIds.push(decision.id);
    }
    return decisionIds;
  }
}

/** A licensee passes data on, or lets others use it, as far as the terms and the law permit that; its vendor is told, with the duties that it carries. */
@Injectable()
export class ReshareData {
  constructor(
    private readonly commands: Commands, private readonly ground: ReshareGround, private readonly reshares: ReshareRepository, private readonly notices: Notices, private readonly audit: Audit, private readonly clock: Clock,
  ) {}

  async execute(actor: Actor, input: ReshareInput): Promise<Result<Reshare>> {
    const refusal = authorise(actor, 'contracts:reshare') ?? this.form(input);
    if (refusal) return refusal;
    const recipient = await this.ground.identity.byId(input.recipientId);
    return this.commands.runAcross<Result<Reshare>>(actor, 'contracts.reshare', input, async (tx) => {
      const licence = await this.ground.contracts.lockLicenceById(tx, input.licenceId);
      if (licence?.buyerId !== organisationOf(actor)) return notFound('licence');
      if (licence.state !== 'ACTIVE' || licence.validFrom! > this.clock.now()) return stateConflict(CONTRACTS_ERRORS.LICENCE_OVER, 'only an active licence that has begun lets data be passed on', licence.state);
      if (recipient?.state !== 'VERIFIED' || recipient.id === licence.buyerId) return invalid(CONTRACTS_ERRORS.RESHARE, 'recipientId', 'another verified organisation of the exchange');
      const { judgement, purpose, places } = await this.ground.judging.judge(licence, input);
      if (!judgement.permitted) return termsRefusal(judgement, input);
      const id = newId();
      const decisionIds = await this.ground.decide(tx, actor, id, licence, { ...input, purpose, places });
      if (isRefused(decisionIds)) return decisionIds;
      const reshare: Reshare = {
        id, licenceId: licence.id, vendorId: licence.vendorId, buyerId: licence.buyerId, action: input.action, recipientId: recipient.id, places, purpose, clause: judgement.clause.uid,
        duties: judgement.duties.map((d) => d.action), decisionIds, declaredAt: this.clock.now(),
      };
      await this.record(tx, actor, reshare, recipient.legalName);
      return reshare;
    });
  }

  private form({ places, purpose }: ReshareInput): Refusal | undefined {
    const stray = places.findIndex((p) => !isCountry(p));
    if (stray >= 0) return invalid(CONTRACTS_ERRORS.COUNTRY, `places.${stray}`, 'an ISO 3166-1 alpha-2 code');
    return purposeCode(purpose) ? undefined : invalid(CONTRACTS_ERRORS.RESHARE, 'purpose', 'a word in upper case such as RESEARCH');
  }

  private async record(tx: Tx, actor: Actor, reshare: Reshare, recipientName: string): Promise<void> {
    await this.reshares.insert(tx, reshare);
    const { id, licenceId, vendorId, buyerId, recipientId, action, places, purpose, clause, duties, decisionIds } = reshare;
    await this.audit.append(tx, actor, { act: 'licence.reshare', objectType: 'licence', objectId: licenceId, tenantId: buyerId, details: { reshareId: id, action, recipientId, places, purpose, clause, duties, decisionIds } });
    await this.notices.tell(tx, [vendorId, recipientId], {
      objectType: 'LICENCE', objectId: licenceId, kind: 'RESHARED', text: `${action} to ${recipientName} in ${places.join(', ')} under clause ${clause}${duties.length ? `, with the duties ${duties.join(', ')}` : ''}`,
      details: { reshareId: id, action, recipientId, places, purpose, clause, duties },
    });
  }
}
