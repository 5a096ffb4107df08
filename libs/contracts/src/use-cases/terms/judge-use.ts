import { Injectable } from '@nestjs/common';
import { type Actor, organisationOf, permits } from '#identity';
import { Clock } from '#shared';
import { judge, type Judgement } from '../../domain/terms/evaluate.js';
import type { ActionName } from '../../domain/terms/vocabulary.js';
import { type Agreement, ContractsRepository, type Licence } from '../../storage/contracts.repository.js';

export interface AskedUse {
  readonly licenceId: string;
  readonly action: ActionName;
  /** Null: the purpose that was agreed. */
  readonly purpose: string | null;
  /** ISO 3166 codes; none: where it was agreed to bring the data. */
  readonly places: readonly string[];
  /** The organisation that would have the data; null: the licensee. */
  readonly recipientId: string | null;
}
export interface JudgedUse {
  readonly licence: Licence;
  readonly agreement: Agreement;
  readonly judgement: Judgement;
  readonly purpose: string;
  readonly places: readonly string[];
}

/** What the agreed terms say of a use, for either side of the licence. */
@Injectable()
export class JudgeUse {
  constructor(private readonly contracts: ContractsRepository, private readonly clock: Clock) {}

  /** Null where the licence is not the actor's to ask about. */
  async execute(actor: Actor, use: AskedUse): Promise<JudgedUse | null> {
    if (!permits(actor, 'contracts:read') && !permits(actor, 'oversight:read')) return null;
    const licence = (await this.contracts.licences([use.licenceId])).get(use.licenceId);
    const side = licence && (permits(actor, 'oversight:read') || [licence.vendorId, licence.buyerId].includes(organisationOf(actor)));
    return licence && side ? this.judge(licence, use) : null;
  }

  async judge(licence: Licence, { action, purpose, places, recipientId }: AskedUse): Promise<JudgedUse> {
    const agreement = (await this.contracts.agreements([licence.agreementId])).get(licence.agreementId)!;
    const asked = { purpose: purpose ?? agreement.purpose, places: places.length ? places : [agreement.destination] };
    const recipient = recipientId === null || recipientId === licence.buyerId ? [licence.buyerId, 'ASSIGNEE'] : [recipientId];
    const judgement = judge(agreement.terms.policy, { action, ...asked, recipients: [recipient], at: this.clock.now(), began: licence.validFrom, before: 0n, named: null, mediaType: null });
    return { licence, agreement, judgement, ...asked };
  }
}
