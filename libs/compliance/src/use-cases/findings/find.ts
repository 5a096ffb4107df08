import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { accepted, type Caller, Clock, newId, Outbox, type Tx } from '#shared';
import { type FindingKind, type FindingObject, type FindingState, findingStates, type Severity } from '../../domain/findings/finding.js';
import { FindingChanged } from '../../register.events.js';
import { type Finding, FindingRepository, type Unsettled } from '../../storage/finding.repository.js';

export interface Found {
  readonly kind: FindingKind;
  readonly severity: Severity;
  readonly organisationId: string;
  readonly objectType: FindingObject | null;
  readonly objectId: string | null;
  /** Of what the exchange itself finds: found once for this, whatever became of it. Null of what a person raises. */
  readonly cause: string | null;
  readonly details: string;
  readonly internalNote?: string | null;
}

export const toldOf = ({ id, organisationId, objectType, objectId, kind }: Finding, state: FindingState) => ({ findingId: id, organisationId, objectType, objectId, kind, state });

/** Puts a finding on record, and settles those whose cause is gone, in the caller's transaction. */
@Injectable()
export class Find {
  constructor(private readonly findings: FindingRepository, private readonly audit: Audit, private readonly outbox: Outbox, private readonly clock: Clock) {}

  /** Null where the same was found before. */
  async execute(tx: Tx, caller: Caller, found: Found): Promise<Finding | null> {
    // Looked up first: an insert that finds it there would still make every running delivery be decided again.
    if (found.cause !== null && (await this.findings.ofCause(tx, found.cause))) return null;
    const finding: Finding = {
      id: newId(), ...found, internalNote: found.internalNote ?? null, raisedBy: caller.subject, raisedAt: this.clock.now(), state: 'OPEN', decidedBy: null, decidedAt: null, clearedBy: null, clearedAt: null, reason: null,
    };
    if (!(await this.findings.insert(tx, finding))) return null;
    const { id, organisationId, kind, severity, objectType, objectId, cause } = finding;
    await this.audit.append(tx, caller, { act: 'finding.raise', objectType: 'finding', objectId: id, tenantId: organisationId, details: { kind, severity, about: objectType, aboutId: objectId, cause } });
    await this.outbox.publish(tx, caller, FindingChanged, id, toldOf(finding, 'OPEN'));
    return finding;
  }

  /** What was stale is renewed, or what was feared is off its list: what is unsettled of it is over. */
  async cure(tx: Tx, caller: Caller, what: Unsettled, reason: string): Promise<void> {
    for (const finding of await this.findings.unsettled(tx, what)) {
      const state = accepted(await this.audit.transition(tx, caller, {
        table: findingStates, state: finding.state, event: 'cure', objectType: 'finding', objectId: finding.id, tenantId: finding.organisationId, reason, announce: { type: FindingChanged, payload: toldOf(finding, 'CLEARED') },
      }));
      await this.findings.move(tx, finding.id, { state, clearedBy: caller.subject, clearedAt: this.clock.now(), reason });
    }
  }
}
