import { Injectable } from '@nestjs/common';
import { type ControlFacts, Identity } from '#identity';
import { asSystem } from '#shared';
import type { RecipientFacts, TradeFacts, TransferFacts } from '../domain/transfer.js';

/** Adds to the facts that another room hands in what this one and the identity room know of the recipient. */
@Injectable()
export class CompleteFacts {
  constructor(private readonly identity: Identity) {}

  async execute(facts: TradeFacts): Promise<TransferFacts> {
    const recipient = await this.recipient(facts.recipientId);
    return { ...facts, onward: [], recipient, mechanisms: {} };
  }

  /** Who owns a recipient is his own to see; the law asks it of whoever exports to him. */
  private async recipient(recipientId: string): Promise<RecipientFacts> {
    const control = await asSystem(() => this.identity.controlFacts(recipientId));
    return { restricted: false, schemes: [], coveredPerson: false, ownership: sharesOf(control) };
  }
}

/** Null where no owners were declared: what is not known is never taken for nothing. */
const sharesOf = (control: ControlFacts): Readonly<Record<string, number>> | null => (control.declaredAt === null ? null : control.foreignShareBasisPoints);
