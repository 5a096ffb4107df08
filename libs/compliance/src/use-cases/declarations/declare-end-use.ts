import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise, Identity, organisationOf } from '#identity';
import { type Caller, canonicalHash, Clock, Commands, invalid, isRefused, newId, notFound, Outbox, type Result, stateConflict, type Tx } from '#shared';
import { type EndUseFacts, endUseProblem, validUntilOf } from '../../domain/declarations/end-use.js';
import { normalName } from '../../domain/restricted/matcher.js';
import { REGISTER_ERRORS } from '../../register.errors.js';
import { EndUseChanged } from '../../register.events.js';
import { type EndUse, EndUseRepository } from '../../storage/end-use.repository.js';
import { Find } from '../findings/find.js';
import { ScreenParty } from '../restricted/screen-party.js';

export interface DeclaredEndUse extends EndUseFacts {
  /** The order. */
  readonly objectId: string;
}

/** Audit log and messages. */
@Injectable()
export class DeclarationRecords {
  constructor(readonly audit: Audit, readonly outbox: Outbox, readonly clock: Clock) {}
}

/** A buyer says what becomes of the data that he orders; what was said before stays on record. */
@Injectable()
export class DeclareEndUse {
  constructor(
    private readonly commands: Commands, private readonly declarations: EndUseRepository, private readonly identity: Identity, private readonly records: DeclarationRecords, private readonly finding: Find,
    private readonly screening: ScreenParty,
  ) {}

  /** With the order itself, in its transaction. */
  async record(tx: Tx, actor: Actor, input: DeclaredEndUse): Promise<Result<EndUse>> {
    const checked = await this.check(organisationOf(actor), input);
    if (isRefused(checked)) return checked;
    const declaration = this.make(actor, input.objectId, checked);
    if (!(await this.declarations.insert(tx, declaration))) return stateConflict(REGISTER_ERRORS.END_USE_DECLARED, 'the end use of this order is declared: renew it', 'DECLARED');
    await this.log(tx, actor, declaration, null);
    await this.screening.endUsers(tx, declaration);
    return declaration;
  }

  async renew(actor: Actor, input: DeclaredEndUse): Promise<Result<EndUse>> {
    const refusal = authorise(actor, 'compliance:declare');
    if (refusal) return refusal;
    // Its end users are compared with lists that the buyer does not see.
    return this.commands.runAcross<Result<EndUse>>(actor, 'compliance.renew-end-use', input, async (tx) => {
      const before = await this.declarations.lock(tx, input.objectId);
      if (!before || before.organisationId !== actor.tenantId) return notFound('declaration');
      if (before.endedAt) return stateConflict(REGISTER_ERRORS.END_USE_ENDED, 'the order is over', 'ENDED');
      const checked = await this.check(before.organisationId, input);
      if (isRefused(checked)) return checked;
      const declaration = this.make(actor, input.objectId, checked);
      await this.declarations.supersede(tx, before.id, declaration.id);
      await this.declarations.insert(tx, declaration);
      await this.log(tx, actor, declaration, before.id);
      await this.screening.endUsers(tx, declaration);
      const { organisationId, objectId } = declaration;
      await this.records.outbox.publish(tx, actor, EndUseChanged, objectId, { objectId, organisationId });
      await this.finding.cure(tx, actor, { kind: 'STALE_DECLARATION', organisationId, objectId }, 'the declaration was renewed');
      return declaration;
    });
  }

  /** The order is over: what was declared for it stays, and need not be renewed. Does nothing a second time. */
  async end(tx: Tx, caller: Caller, objectId: string): Promise<void> {
    const declaration = await this.declarations.lock(tx, objectId);
    if (!declaration || declaration.endedAt) return;
    const { id, organisationId } = declaration;
    await this.declarations.end(tx, id, this.records.clock.now());
    await this.records.audit.append(tx, caller, { act: 'end-use.end', objectType: 'end-use', objectId: id, tenantId: organisationId, details: { order: objectId } });
    await this.finding.cure(tx, caller, { kind: 'STALE_DECLARATION', organisationId, objectId }, 'the order is over');
  }

  /** What this organisation would declare, or what is wrong with it; nothing is recorded. */
  async check(organisationId: string, input: EndUseFacts): Promise<Result<EndUseFacts>> {
    const endUsers = input.endUsers.map(({ name, country, organisationId: member }) => ({ name: name.normalize('NFC').trim(), country, organisationId: member ?? null }));
    const facts: EndUseFacts = { purpose: input.purpose, destination: input.destination, endUsers, onward: { planned: input.onward.planned, countries: [...input.onward.countries] }, statements: [...input.statements] };
    const members = endUsers.flatMap((u) => u.organisationId ?? []);
    const known = await this.identity.byIds([organisationId, ...members]);
    const wrong = endUseProblem(facts, known.get(organisationId)!.jurisdiction);
    if (wrong) return invalid(wrong.kind === 'CONTRADICTION' ? REGISTER_ERRORS.END_USE_CONTRADICTION : REGISTER_ERRORS.END_USE, `endUse.${wrong.path}`, wrong.message);
    const unknown = endUsers.findIndex((u) => u.organisationId !== null && !known.has(u.organisationId));
    return unknown < 0 ? facts : invalid(REGISTER_ERRORS.ORGANISATION, `endUse.endUsers.${unknown}.organisationId`, 'no such organisation');
  }

  private make(actor: Actor, objectId: string, facts: EndUseFacts): EndUse {
    const declaredAt = this.records.clock.now();
    return { id: newId(), organisationId: organisationOf(actor), objectId, facts, factsHash: canonicalHash(facts), normalUsers: [...new Set(facts.endUsers.map((u) => normalName(u.name)))], declaredBy: actor.subject, declaredAt, validUntil: validUntilOf(declaredAt), supersededBy: null, endedAt: null };
  }

  private async log(tx: Tx, actor: Actor, { id, objectId, factsHash }: EndUse, replaces: string | null): Promise<void> {
    await this.records.audit.append(tx, actor, { act: 'end-use.declare', objectType: 'end-use', objectId: id, details: { order: objectId, factsHash, replaces } });
  }
}
