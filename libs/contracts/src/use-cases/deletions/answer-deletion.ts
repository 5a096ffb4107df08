import { Injectable } from '@nestjs/common';
import { type Actor, authorise, organisationOf, permits } from '#identity';
import { Commands, notFound, type Result } from '#shared';
import { type Deletion, DeletionRepository } from '../../storage/deletion.repository.js';
import { MoveDeletion } from './move-deletion.js';

export interface AnswerDeletionInput {
  readonly deletionId: string;
  readonly reason: string;
}

/** The vendor contests what the buyer certified, or asks no more of him; staff closes what does not come to an end, or finds that a certificate does not hold. */
@Injectable()
export class AnswerDeletion {
  constructor(private readonly commands: Commands, private readonly deletions: DeletionRepository, private readonly moving: MoveDeletion) {}

  async answer(actor: Actor, event: 'contest' | 'release', input: AnswerDeletionInput): Promise<Result<Deletion>> {
    const refusal = authorise(actor, 'contracts:account-for-deletion');
    if (refusal) return refusal;
    return this.commands.runAcross<Result<Deletion>>(actor, `contracts.${event}-deletion`, input, async (tx) => {
      const deletion = await this.deletions.lock(tx, input.deletionId);
      if (deletion?.vendorId !== organisationOf(actor)) return notFound('deletion');
      return this.moving.move(tx, actor, deletion, { event, side: 'VENDOR', text: input.reason });
    });
  }

  async judge(actor: Actor, { stands, ...input }: AnswerDeletionInput & { readonly stands: boolean }): Promise<Result<Deletion>> {
    const refusal = authorise(actor, 'contracts:end');
    if (refusal) return refusal;
    return this.commands.run<Result<Deletion>>(actor, 'contracts.judge-deletion', { ...input, stands }, async (tx) => {
      const deletion = await this.deletions.lock(tx, input.deletionId);
      return deletion ? this.moving.move(tx, actor, deletion, { event: stands ? 'close' : 'reopen', side: 'EXCHANGE', text: input.reason }) : notFound('deletion');
    });
  }

  /** Whose deletions this actor reads: everybody's (null), his organisation's, or nobody's (undefined). */
  readerOf(actor: Actor): string | null | undefined {
    if (permits(actor, 'contracts:end') || permits(actor, 'oversight:read')) return null;
    return permits(actor, 'contracts:read') ? organisationOf(actor) : undefined;
  }
  async deletionFor(actor: Actor, id: string): Promise<Deletion | null> {
    const reader = this.readerOf(actor);
    const found = reader === undefined ? null : await this.deletions.byId(id);
    return found && (reader === null || reader === found.vendorId || reader === found.buyerId) ? found : null;
  }
}
