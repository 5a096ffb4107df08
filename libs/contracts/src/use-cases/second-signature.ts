import { Injectable } from '@nestjs/common';
import { type Actor, type Amount, Identity, organisationOf, permits, type Signatory, type SignedAct } from '#identity';
import { formatMoney, isRefused, money, type NotPermitted, type Refusal, type Result, stateConflict, type Tx } from '#shared';
import { CONTRACTS_ERRORS } from '../contracts.errors.js';

/** What waits for a second signature: an order, or an offer. */
interface SignedByOne {
  readonly requestedBy: string;
  readonly state: string;
}

/** Who signs for an organisation, alone or as the second of two; the same for what it orders and what it offers. */
@Injectable()
export class SecondSignature {
  constructor(readonly identity: Identity) {}

  /** The authority of a caller who may do the act, for every amount; the weaker where they differ: who may sign one only with a second may sign all only so. */
  first(tx: Tx, actor: Actor, amounts: readonly Amount[]): Promise<Result<Signatory>> {
    return weakest(amounts, (amount) => this.identity.signatory(tx, actor, amount));
  }

  /** The same for a caller who has to do no more than sign: without a mandate of his own he needs the role that does it. */
  own(tx: Tx, actor: Actor, act: SignedAct, amounts: readonly Amount[]): Promise<Result<Signatory>> {
    return weakest(amounts, async (amount) => {
      const found = await this.identity.signatory(tx, actor, amount);
      return found && (found.mandateId !== null || permits(actor, act)) ? found : null;
    });
  }

  /** Whoever signed first, by his authority as it stands now, and the caller after him. The first was a person: a key signs alone or not at all. */
  async together(tx: Tx, actor: Actor, act: SignedAct, { requestedBy: memberId, state }: SignedByOne, amounts: readonly Amount[]): Promise<Result<readonly [Signatory, Signatory]>> {
    const first = await weakest(amounts, (amount) => this.identity.signatoryAgain(tx, organisationOf(actor), { memberId, keyId: null }, amount, act));
    if (isRefused(first)) return stateConflict(CONTRACTS_ERRORS.FIRST_SIGNATURE_VOID, 'whoever signed first has no authority for it any more', state);
    const second = await this.own(tx, actor, act, amounts);
    return isRefused(second) ? second : [first, second];
  }

  /** Asks issuers' status lists about the caller and whoever signed before him, so before the transaction. */
  async credentials(actor: Actor, first: string | null): Promise<Refusal | undefined> {
    return (await this.identity.credentialsStand(actor)) ?? (first ? this.identity.credentialsStand({ ...actor, memberId: first }) : undefined);
  }
}

async function weakest(amounts: readonly Amount[], of: (amount: Amount) => Promise<Signatory | null>): Promise<Result<Signatory>> {
  let found: Signatory | null = null;
  for (const amount of amounts) {
    const signatory = await of(amount);
    if (!signatory) return noAuthority(amount);
    if (!found || signatory.mode === 'JOINT') found = signatory;
  }
  return found!;
}

export const noAuthority = ({ currency, minor }: Amount): NotPermitted => ({ refused: true, kind: 'NotPermitted', code: CONTRACTS_ERRORS.NO_AUTHORITY, message: `no mandate of yours covers ${formatMoney(money(minor, currency))}` });
