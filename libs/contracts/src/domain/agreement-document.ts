import type { Decision } from '#compliance';
import type { Organisation, Signatory } from '#identity';
import { canonicalHash } from '#shared';
import type { TerminationTerms } from './agreements/termination.js';
import type { Offer } from '../storage/offer.repository.js';
import type { PricePlan } from './pricing/price-plan.js';
import { writePolicy } from './terms/write-policy.js';

export interface AgreementParts {
  readonly agreementId: string;
  readonly offer: Offer;
  readonly plan: PricePlan;
  readonly product: { readonly id: string; readonly title: string; readonly certificateNumber: bigint | null };
  readonly revisions: readonly { readonly datasetId: string; readonly assets: readonly { readonly fileName: string; readonly sha256: string }[] }[];
  readonly vendor: Organisation;
  readonly buyer: Organisation;
  readonly purpose: string;
  readonly destination: string;
  readonly decision: Decision;
  /** Who signed for the buyer, in the order of signing. Who made the offer signed for the vendor. */
  readonly signatories: readonly Signatory[];
  /** The agreement that this one takes the place of. */
  readonly predecessor: { readonly agreementId: string; readonly hash: string; readonly kind: string } | null;
  readonly concludedAt: Date;
}

/** Strings, lists and objects only, so that it reads and hashes the same everywhere. */
export type AgreementDocument = Readonly<Record<string, unknown>>;

const party = (o: Organisation): object => ({
  id: o.id, legalName: o.legalName, jurisdiction: o.jurisdiction,
  registryNumbers: o.registryNumbers.filter((n) => n.proven).map((n) => ({ scheme: n.scheme, value: n.value })),
});

const signatory = ({ memberId, displayName, mode, mandateId, keyId }: Signatory): object => ({ memberId, displayName, mode, mandateId, keyId });

/** Who signed for the vendor, in the order of signing; nobody, of an offer older than signatures. */
export const vendorSignatories = ({ signatory: first, coSignatory: second }: Pick<Offer, 'signatory' | 'coSignatory'>): Signatory[] => [first, second].filter((s) => s !== null);

/** What both sides agreed on, frozen. Version 2 names who signed for the buyer, version 3 carries the plan, the terms as ODRL and who signed for the vendor, version 4 which agreement it takes the place of, version 5 everybody who signed for the vendor; a document of an earlier version stays as it is, and so does its hash. */
export function agreementDocument(parts: AgreementParts): AgreementDocument {
  const { offer, product, decision, predecessor } = parts;
  return {
    type: 'entrepot-agreement', version: '5', id: parts.agreementId, concludedAt: parts.concludedAt.toISOString(),
    vendor: party(parts.vendor), buyer: party(parts.buyer),
    product: { id: product.id, title: product.title, certificateNumber: product.certificateNumber?.toString() ?? null, data: parts.revisions },
    terms: {
      offerId: offer.id, plan: parts.plan, purposes: offer.purposes, destinations: offer.destinations,
      template: offer.terms.template, policy: writePolicy(offer.terms.policy),
      termination: { vendorNoticeDays: offer.terms.termination.vendorNoticeDays?.toString() ?? null, buyerNoticeDays: offer.terms.termination.buyerNoticeDays?.toString() ?? null },
    },
    declared: { purpose: parts.purpose, destination: parts.destination },
    supersedes: predecessor && { agreementId: predecessor.agreementId, hash: predecessor.hash, kind: predecessor.kind },
    vendorSignatories: vendorSignatories(offer).map(signatory), signatories: parts.signatories.map(signatory),
    decision: { id: decision.id, outcome: decision.outcome, rulebookHash: decision.rulebookHash, obligations: decision.obligations },
  };
}

/** What a document grants of leaving without a reason; those that say nothing grant nothing. */
export function terminationTermsOf(document: AgreementDocument): TerminationTerms {
  const { termination } = document['terms'] as { readonly termination?: { readonly vendorNoticeDays: string | null; readonly buyerNoticeDays: string | null } };
  const days = (text: string | null | undefined): number | null => (text === null || text === undefined ? null : Number(text));
  return { vendorNoticeDays: days(termination?.vendorNoticeDays), buyerNoticeDays: days(termination?.buyerNoticeDays) };
}

/** SHA-256 of the RFC 8785 form: the same whatever the order of keys or the Unicode form of its texts. */
export const agreementHash = (document: AgreementDocument): string => canonicalHash(document);
