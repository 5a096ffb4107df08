import { Injectable } from '@nestjs/common';
import { type Actor, organisationOf, permits } from '#identity';
import { type Caller, currentScope, isId, type Page, type PageRequest, type Result, type Tx } from '#shared';
import { CERTIFICATE_STATES, type CertificateState, type HeldCertificate, KNOWN_STATES } from './domain/certificates/certificate.js';
import { type FindingKind, type FindingsStanding, type FindingState, standingOf } from './domain/findings/finding.js';
import type { Screened } from './domain/restricted/matcher.js';
import type { RestrictedState } from './domain/restricted/restricted-party.js';
import { type CertificateRecord, CertificateRepository } from './storage/certificate.repository.js';
import type { EndUseFacts } from './domain/declarations/end-use.js';
import { type EndUse, EndUseRepository } from './storage/end-use.repository.js';
import { type Finding, FindingRepository } from './storage/finding.repository.js';
import { type RestrictedParty, RestrictedPartyRepository } from './storage/restricted-party.repository.js';
import { type DeclaredEndUse, DeclareEndUse } from './use-cases/declarations/declare-end-use.js';
import { type RestrictedCheck, ScreenParty } from './use-cases/restricted/screen-party.js';

export interface CertificateQuery {
  readonly id: string | null;
  readonly holderId: string | null;
  readonly scheme: string | null;
  readonly state: CertificateState | null;
}

/** Certificates of members and of bodies outside the exchange. */
@Injectable()
export class Certificates {
  constructor(private readonly repository: CertificateRepository) {}

  /** What each of these organisations holds in force, for decisions. Days are not compared: `validUntil` is the last one. Organisations without one are missing from the map. */
  standing(tx: Tx | undefined, organisationIds: readonly string[]): Promise<Map<string, HeldCertificate[]>> {
    return this.repository.active(tx, organisationIds);
  }
  /** What was in force once, for every member; with what waits or was refused, for officers. Null for others. */
  async known(actor: Actor, { state, ...query }: CertificateQuery, request: PageRequest): Promise<Page<CertificateRecord> | null> {
    const all = permits(actor, 'compliance:register-certificates');
    if (!all && !permits(actor, 'compliance:read-register')) return null;
    return this.repository.page({ ...query, states: (all ? CERTIFICATE_STATES : KNOWN_STATES).filter((s) => !state || s === state) }, request);
  }
  /** Those of the actor's own organisation, in every state or in one. */
  async mine(actor: Actor, { scheme, state }: Pick<CertificateQuery, 'scheme' | 'state'>, request: PageRequest): Promise<Page<CertificateRecord> | null> {
    return permits(actor, 'compliance:read-own') ? this.repository.page({ holderId: organisationOf(actor), scheme, states: CERTIFICATE_STATES.filter((s) => !state || s === state) }, request) : null;
  }
  async byId(id: string): Promise<CertificateRecord | null> {
    return isId(id) ? this.repository.byId(id) : null;
  }
}

/** Lists of restricted recipients, such as that of PIPL Art. 42. */
@Injectable()
export class Restricted {
  constructor(private readonly screening: ScreenParty, private readonly repository: RestrictedPartyRepository) {}

  /**
   * Whether a list means this organisation: by its id or a registry number, or by its name alone. A name alone opens a finding in the caller's transaction and counts as
   * `listed` until staff dismisses it. Throws outside the reach of the exchange: others do not see the lists, and would find nobody.
   */
  check(tx: Tx, organisation: Screened): Promise<RestrictedCheck> {
    return this.screening.check(tx, organisation);
  }
  /** Opens a finding about the order for each end user of this declaration whom a list in force now names. Throws outside the reach of the exchange. */
  endUsers(tx: Tx, declaration: EndUse): Promise<void> {
    return this.screening.endUsers(tx, declaration);
  }
  /** For officers, and for staff that oversees trades; null for others. */
  async page(actor: Actor, filter: { readonly state: RestrictedState | null; readonly list: string | null }, request: PageRequest): Promise<Page<RestrictedParty> | null> {
    return permits(actor, 'compliance:screen-parties') || permits(actor, 'oversight:read') ? this.repository.page(filter, request) : null;
  }
}

/** What buyers declare of the use of what they order. */
@Injectable()
export class Declarations {
  constructor(private readonly declaring: DeclareEndUse, private readonly repository: EndUseRepository) {}

  /**
   * Records the declaration of the actor's organisation for an order, in the transaction of the order and with the reach of the exchange, since end users are compared with lists that a buyer does not
   * see; whether he may order, the caller has decided. Good for twelve months.
   * Refuses unknown countries, end users named twice and contradictions by `compliance.end_use` and `compliance.end_use_contradiction`, a second one by `compliance.end_use_declared_already`.
   */
  record(tx: Tx, actor: Actor, input: DeclaredEndUse): Promise<Result<EndUse>> {
    return this.declaring.record(tx, actor, input);
  }
  /** What this organisation would declare, or the refusal of `record`; nothing is recorded. */
  check(organisationId: string, input: EndUseFacts): Promise<Result<EndUseFacts>> {
    return this.declaring.check(organisationId, input);
  }
  /** The order is over: nothing of it has to be renewed. Does nothing a second time. */
  end(tx: Tx, caller: Caller, objectId: string): Promise<void> {
    return this.declaring.end(tx, caller, objectId);
  }
  /** The declaration in force for an order, as the transaction sees it. */
  of(tx: Tx, objectId: string): Promise<EndUse | null> {
    return this.repository.inForce(tx, objectId);
  }
  /** Those in force by order, for other rooms and loaders. Orders without one are missing from the map. */
  byObjects(objectIds: readonly string[]): Promise<Map<string, EndUse>> {
    return this.repository.byObjects(objectIds);
  }
  /** Everything that was declared for an order, newest first: for whoever declared it, and for staff. */
  async history(actor: Actor, objectId: string, request: PageRequest): Promise<Page<EndUse> | null> {
    if (permits(actor, 'compliance:handle-findings') || permits(actor, 'oversight:read')) return this.repository.history(objectId, null, request);
    return permits(actor, 'compliance:read-own') ? this.repository.history(objectId, organisationOf(actor), request) : null;
  }
}

export interface FindingQuery {
  readonly state: FindingState | null;
  readonly kind: FindingKind | null;
  readonly organisationId: string | null;
}

/** False and stale declarations, and what else stands against an organisation. */
@Injectable()
export class Findings {
  constructor(private readonly repository: FindingRepository) {}

  /**
   * What is confirmed against an organisation as a whole and, where `objectId` is given, against its declaration for that order; cleared findings count no longer. A possible restricted
   * party, the organisation itself or an end user of the order, counts until it is dismissed.
   * Throws where the reach of the caller would hide findings about others.
   */
  async standing(tx: Tx, organisationId: string, objectId: string | null): Promise<FindingsStanding> {
    const { reach, tenantId } = currentScope();
    if (reach === 'none' || (reach === 'tenant' && tenantId !== organisationId)) throw new Error('findings about others are looked up with the reach of the exchange alone');
    return standingOf(await this.repository.counting(tx, organisationId, objectId));
  }
  /** The queue, for officers and for staff that oversees trades; null for others. */
  async page(actor: Actor, filter: FindingQuery, request: PageRequest): Promise<Page<Finding> | null> {
    return permits(actor, 'compliance:handle-findings') || permits(actor, 'oversight:read') ? this.repository.page(filter, request) : null;
  }
  /** Those about the actor's own organisation. */
  async mine(actor: Actor, state: FindingState | null, request: PageRequest): Promise<Page<Finding> | null> {
    return permits(actor, 'compliance:read-own') ? this.repository.page({ organisationId: organisationOf(actor), state, kind: null }, request) : null;
  }
}

/** Groups the registers, so that the facade of the room keeps its constructor short. */
@Injectable()
export class Registers {
  constructor(readonly certificates: Certificates, readonly restricted: Restricted, readonly declarations: Declarations, readonly findings: Findings) {}
}
