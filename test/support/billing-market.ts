import { AgreementConcluded, type PlanTerms, quote } from '#contracts';
import { type Actor, type Role } from '#identity';
import { Metering } from '#metering';
import { newId, Outbox, sha256Hex, systemCaller, UnitOfWork } from '#shared';
import type { TestExchange } from './exchange.js';

const caller = systemCaller('test');

export interface TestAgreement {
  readonly agreementId: string;
  readonly licenceId: string;
  readonly decisionId: string;
  readonly hash: string;
  readonly vendorId: string;
  readonly buyerId: string;
}

/** So much for each download. */
export const flatUsage = (unitPrice: string): PlanTerms['components'][number] => ({
  kind: 'USAGE', label: 'Downloads', meter: 'downloads', model: 'FLAT', tiers: [{ upTo: null, unitPrice, flatFeeMinor: '0' }], packageSize: null, freeQuota: '0',
});

/** The use and nothing else. */
const TERMS = JSON.stringify({ template: 'INTERNAL_USE', termination: { vendorNoticeDays: null, buyerNoticeDays: null }, policy: { permissions: [{ uid: 'use', action: 'use', conditions: [], duties: [] }], prohibitions: [], obligations: [] } });

/** Organisations, agreements and usage as the rooms before billing leave them, written straight into their tables. */
export class BillingMarket {
  constructor(private readonly exchange: TestExchange) {}

  async organisation(jurisdiction: string): Promise<string> {
    const id = newId();
    await this.sql(`insert into identity.organisation (id, kind, legal_name, jurisdiction, state, assurance_level, verified_at, verification_due_at, created_at) values ($1, 'TRADER', $2, $3, 'VERIFIED', 2, now(), now() + interval '1 year', now())`, [id, `${jurisdiction} Data Ltd`, jurisdiction]);
    return id;
  }

  actor(tenantId: string, roles: Role[] = ['ORG_ADMIN'], idempotencyKey?: string): Actor {
    return {
      kind: 'member', subject: `member:${tenantId}`, tenantId, memberId: tenantId, requestId: 'test-request', organisationKind: 'TRADER', organisationState: 'VERIFIED', roles, scopes: [], identity: null, assurance: 3,
      ...(idempotencyKey ? { idempotencyKey } : {}),
    };
  }

  /** A concluded agreement; its message is in the outbox. */
  agreement(vendorId: string, buyerId: string, priceMinor = 100_000n, perDownload = '2.50', currency = 'CNY'): Promise<TestAgreement> {
    return this.agreed(vendorId, buyerId, {
      label: 'A month', currency, duration: 'P30D', period: null, minimumCommitmentMinor: null, trial: null,
      components: [{ kind: 'ONE_OFF', label: 'Licence', minor: priceMinor.toString() }, ...(perDownload === '0' ? [] : [flatUsage(perDownload)])],
    });
  }

  /** The same on this plan. */
  async agreed(vendorId: string, buyerId: string, terms: PlanTerms): Promise<TestAgreement> {
    const plan = { id: newId(), ...terms };
    const [offerId, productId, agreementId, licenceId, decisionId] = [newId(), newId(), newId(), newId(), newId()];
    const hash = sha256Hex(agreementId);
    await this.exchange.app.get(UnitOfWork, { strict: false }).run(async (tx) => {
      await tx.query(
        `insert into contracts.offer (id, product_id, vendor_id, title, plans, entry_minor, purposes, destinations, terms, state, created_at)
         values ($1, $2, $3, 'Offer', $4, 0, '{RESEARCH}', '{SG}', $5, 'ACTIVE', now())`, [offerId, productId, vendorId, JSON.stringify([plan]), TERMS]);
      await tx.query(
        `insert into contracts.agreement (id, offer_id, product_id, vendor_id, buyer_id, decision_id, document, hash, plan, terms, purpose, destination, concluded_at)
         values ($1, $2, $3, $4, $5, $6, '{}', $7, $8, $9, 'RESEARCH', 'SG', now())`, [agreementId, offerId, productId, vendorId, buyerId, decisionId, hash, JSON.stringify(plan), TERMS]);
      await tx.query(
        `insert into contracts.licence (id, agreement_id, product_id, vendor_id, buyer_id, state, duration, plan_id, created_at) values ($1, $2, $3, $4, $5, 'PENDING', $6, $7, now())`, [licenceId, agreementId, productId, vendorId, buyerId, plan.duration, plan.id]);
      await this.exchange.app.get(Outbox, { strict: false }).publish(tx, caller, AgreementConcluded, agreementId, { agreementId, licenceId, productId, vendorId, buyerId, decisionId, currency: plan.currency, dueAtStartMinor: quote(plan).dueAtStartMinor });
    });
    return { agreementId, licenceId, decisionId, hash, vendorId, buyerId };
  }

  /** Downloads, each an event of its own; answers the receipt ids. */
  async use(agreement: TestAgreement, times: number, occurredAt: Date): Promise<string[]> {
    const { agreementId, licenceId, vendorId, buyerId } = agreement;
    const events = Array.from({ length: times }, () => ({
      source: 'urn:test', eventId: newId(), licenceId, agreementId, vendorId, buyerId, meter: 'downloads' as const, quantity: 1n, occurredAt, subjectId: newId(), receiptId: newId(), dimensions: {}, reportedBy: null,
    }));
    await this.exchange.app.get(UnitOfWork, { strict: false }).run((tx) => this.exchange.app.get(Metering, { strict: false }).record(tx, caller, events));
    return events.map((e) => e.receiptId);
  }

  licenceState = async (licenceId: string): Promise<string> => (await this.sql<{ state: string }>('select state from contracts.licence where id = $1', [licenceId]))[0]!.state;

  sql<T = unknown>(text: string, values: unknown[] = []): Promise<T[]> {
    return this.exchange.owner.query(text, values) as Promise<T[]>;
  }
}
