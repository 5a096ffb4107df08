import { Injectable } from '@nestjs/common';
import { type ControlFacts, Identity } from '#identity';
import { asSystem, type Tx } from '#shared';
import { Approvals } from '../counter.facade.js';
import type { Approval } from '../domain/approvals/approval.js';
import { covers } from '../domain/approvals/covers.js';
import type { EndUseFacts } from '../domain/declarations/end-use.js';
import { type HeldScheme, UNKNOWN_HOLDERS } from '../domain/law/facts.js';
import { addVolumes, NO_VOLUME, type RecipientFacts, type TradeFacts, type TransferFacts, volumeOf } from '../domain/transfer.js';
import { Registers } from '../register.facade.js';
import { ApprovalUseRepository } from '../storage/approval-use.repository.js';

/** When, and for which order: its own use of an approval is not held against it. */
export interface Completion {
  /** The calendar day where the exporter's law holds. */
  readonly day: string;
  readonly orderDecisionId: string | null;
  /** Whether approvals are held until the transaction ends, because the transfer is going to use them. */
  readonly hold: boolean;
}

/** Adds to the facts that another room hands in what stands in this room's registers: owners, certificates and findings of the recipient, the end use that he declared, and what the exporter holds. */
@Injectable()
export class CompleteFacts {
  constructor(private readonly identity: Identity, private readonly registers: Registers, private readonly approvals: Approvals, private readonly used: ApprovalUseRepository) {}

  /** With the reach of the exchange: what is looked up is the other side's, or nobody's, to see. */
  execute(tx: Tx, trade: TradeFacts, completion: Completion): Promise<TransferFacts> {
    return asSystem(async () => {
      const endUse = trade.orderId === null ? null : await this.registers.declarations.of(tx, trade.orderId);
      // A list may have come into force since he declared them.
      if (endUse) await this.registers.restricted.endUsers(tx, endUse);
      const recipient = await this.recipient(tx, trade, completion.day);
      const held = await this.held(tx, trade, endUse?.facts ?? null, completion);
      return { ...trade, onward: endUse ? onwardOf(endUse.facts) : [], recipient, mechanisms: Object.fromEntries(held.flatMap(({ type }) => arranged(type)).map((word) => [word, 'arranged' as const])), approvals: held };
    });
  }

  private async recipient(tx: Tx, { recipientId, orderId }: TradeFacts, day: string): Promise<RecipientFacts> {
    const { certificates, restricted, findings } = this.registers;
    const organisation = await this.identity.byId(recipientId);
    const listed = organisation ? await restricted.check(tx, organisation) : null;
    const standing = await findings.standing(tx, recipientId, orderId);
    const papers = (await certificates.standing(tx, [recipientId])).get(recipientId) ?? [];
    const schemes: HeldScheme[] = papers.filter((c) => c.validFrom <= day && (c.validUntil === null || day <= c.validUntil)).map(({ scheme, grantedIn }) => ({ scheme, grantedIn }));
    return { restricted: listed?.listed ?? false, finding: standing.blocking, schemes, coveredPerson: false, ownership: sharesOf(await this.identity.controlFacts(recipientId)) };
  }

  /** The approvals of the exporter that cover this transfer together with what others have used of them. */
  private async held(tx: Tx, trade: TradeFacts, endUse: EndUseFacts | null, { day, orderDecisionId, hold }: Completion): Promise<{ id: string; type: string }[]> {
    const all = hold ? await this.approvals.lockHeldBy(tx, trade.exporterId) : await this.approvals.heldBy(tx, trade.exporterId);
    if (all.length === 0) return [];
    const used = await this.used.usedOf(tx, all.map((a) => a.id), orderDecisionId);
    return all.filter((a) => this.covered(a, trade, endUse, day, addVolumes(volumeOf(trade), used.get(a.id) ?? NO_VOLUME))).map(({ id, type }) => ({ id, type }));
  }

  private covered(approval: Approval, { recipientId, declaredPurpose, destination, productId }: TradeFacts, endUse: EndUseFacts | null, day: string, { persons, sensitivePersons }: { persons: bigint; sensitivePersons: bigint }): boolean {
    return covers(approval, { recipientId, purposes: [declaredPurpose, ...(endUse ? [endUse.purpose] : [])], destinations: [destination, ...(endUse ? onwardOf(endUse) : [])], productId, day, persons, sensitivePersons });
  }
}

/** A contract is registered once it is filed: who holds it has filed it. */
const FILED = new Set(['standard_contract', 'gba_standard_contract']);
const arranged = (type: string): string[] => (FILED.has(type) ? [type, `${type}_filing`] : [type]);

/** Where it goes besides the agreed destination; a declaration that was renewed may name another one. */
const onwardOf = ({ destination, endUsers, onward }: EndUseFacts): string[] => [...new Set([destination, ...endUsers.map((u) => u.country), ...onward.countries])].sort();

/** Null where no owners were declared: what is not known is never taken for nothing. */
const sharesOf = (control: ControlFacts): Readonly<Record<string, number>> | null =>
  control.declaredAt === null ? null : { ...control.foreignShareBasisPoints, ...(control.undeclaredBasisPoints > 0 ? { [UNKNOWN_HOLDERS]: control.undeclaredBasisPoints } : {}) };
