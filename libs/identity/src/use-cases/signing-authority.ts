import { Injectable } from '@nestjs/common';
import { Clock, type Tx } from '#shared';
import { type Actor, organisationOf } from '../domain/actor.js';
import { PERMISSIONS } from '../domain/permissions.js';
import { type Amount, coveringMandate, type SigningMode } from '../domain/signing.js';
import { MandateRepository, type Signer } from '../storage/mandate.repository.js';

/** Somebody who may sign for this amount, and how. `keyId`: through a key that this member made. `mandateId` null: his organisation has never granted a mandate. */
export interface Signatory extends Signer {
  readonly mode: SigningMode;
  readonly mandateId: string | null;
  readonly keyId: string | null;
}

/** Whose signature an order carries, and through which key it came. */
export type SignedBefore = Pick<Signatory, 'memberId' | 'keyId'>;
/** What is signed. Where no mandate governs somebody, the role that does it is his authority. */
export type SignedAct = 'contracts:order' | 'contracts:offer';

const KEY = 'key:';

/**
 * Who may sign. An organisation that has never granted a mandate lets its roles sign alone, as its scopes do; from its first grant on, also
 * when that has ended, only holders sign. A mandate that a credential proved binds its holder alone, so that nobody can bind the others by presenting one. A key signs within the mandate of the member who made it, alone or not at all.
 */
@Injectable()
export class SigningAuthority {
  constructor(private readonly mandates: MandateRepository, private readonly clock: Clock) {}

  /** Null: no authority for this amount. What it stands on is held until the transaction ends, so that a revocation comes before or after. */
  async of(tx: Tx, actor: Actor, amount: Amount): Promise<Signatory | null> {
    const organisationId = organisationOf(actor);
    const keyId = actor.kind === 'key' && actor.subject.startsWith(KEY) ? actor.subject.slice(KEY.length) : null;
    const maker = keyId ? await this.mandates.makerOfKey(tx, organisationId, keyId) : null;
    const memberId = keyId ? maker?.memberId : actor.memberId;
    if (!memberId) return null;
    if (!(await this.mandates.governs(tx, organisationId, memberId))) {
      const signer = maker ?? (await this.mandates.member(tx, organisationId, memberId));
      return signer && { ...signer, mode: 'ALONE', mandateId: null, keyId };
    }
    const signatory = await this.ofMember(tx, organisationId, memberId, amount);
    if (keyId && signatory?.mode !== 'ALONE') return null;
    return signatory && { ...signatory, keyId };
  }

  /** The authority of somebody who signed before, as it stands now: by mandate, or where none governs him by a role that does it. `keyId`: it was through a key, so alone or not at all. */
  async again(tx: Tx, organisationId: string, { memberId, keyId }: SignedBefore, amount: Amount, act: SignedAct = 'contracts:order'): Promise<Signatory | null> {
    if (!(await this.mandates.governs(tx, organisationId, memberId))) {
      const signer = await this.mandates.member(tx, organisationId, memberId, PERMISSIONS[act].roles);
      return signer && { ...signer, mode: 'ALONE', mandateId: null, keyId };
    }
    const signatory = await this.ofMember(tx, organisationId, memberId, amount);
    return signatory && (keyId === null || signatory.mode === 'ALONE') ? { ...signatory, keyId } : null;
  }

  private async ofMember(tx: Tx, organisationId: string, memberId: string, amount: Amount): Promise<Signatory | null> {
    const member = await this.mandates.member(tx, organisationId, memberId);
    const mandate = member && coveringMandate(await this.mandates.holdOf(tx, memberId), amount, this.clock.now());
    return mandate ? { ...member, mode: mandate.mode, mandateId: mandate.id, keyId: null } : null;
  }
}
