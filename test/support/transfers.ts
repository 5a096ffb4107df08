import type { Classification, TradeFacts } from '#compliance';
import type { TransferFacts } from '../../libs/compliance/src/domain/transfer.js';
import { newId } from '#shared';

/** A general dataset of no persons, collected in the mainland; changed where a test needs it. */
export const dataset = (over: Partial<Classification> = {}): Classification => ({
  level: 'general', importantDataNotified: false, persons: 0n, sensitivePersons: 0n, anonymisation: 'none', anonymisationEvidence: null,
  collectedIn: 'CN', domesticDataAdded: false, sector: 'other', sourceStatement: 'own port operations', ...over,
});

/** A sale from Shanghai to Singapore between verified parties. */
export const transfer = (datasets: readonly Partial<Classification>[] = [{}], over: Partial<TransferFacts> = {}): TransferFacts => ({
  exporterId: newId(), origin: 'CN', originProvince: 'CN-SH', registeredIn: 'CN-SH', destination: 'SG', recipientJurisdiction: 'SG', purpose: 'data_product_sale',
  sellerVerified: true, buyerVerified: true, exporterIsCIIO: false, exporterHasPRCEntity: true, zone: null, onward: [], exporterInGBA: false, recipientInGBA: false,
  recipient: { restricted: false, finding: false, schemes: [], coveredPerson: false, ownership: {} }, mechanisms: {}, approvals: [], datasets: datasets.map(dataset), ...over,
});

/** The same as another room hands it in. */
export const trade = (datasets: readonly Partial<Classification>[] = [{}], over: Partial<TradeFacts> = {}): TradeFacts => {
  const { recipient: _recipient, mechanisms: _mechanisms, approvals: _approvals, onward: _onward, ...facts } = transfer(datasets);
  return { ...facts, recipientId: newId(), productId: newId(), declaredPurpose: 'RESEARCH', orderId: null, ...over };
};

/** An organisation of this place whose owners are declared: all of it is held there. */
export async function recipientOf(jurisdiction: string, sql: (text: string, values: unknown[]) => Promise<unknown>): Promise<string> {
  const [id, declaration] = [newId(), newId()];
  await sql(`insert into identity.organisation (id, kind, legal_name, jurisdiction, state, assurance_level, verified_at, verification_due_at, created_at) values ($1, 'TRADER', $2, $3, 'VERIFIED', 2, now(), now() + interval '9 years', now())`, [id, `Recipient ${id}`, jurisdiction]);
  await sql(`insert into identity.ownership_declaration (id, organisation_id, valid_from, state, declared_by, declared_at) values ($1, $2, '2020-01-01Z', 'DECLARED', 'test', '2020-01-01Z')`, [declaration, id]);
  await sql(`insert into identity.ownership_holding (declaration_id, position, organisation_id, holder, name, jurisdiction, share_basis_points, interest, directness) values ($1, 0, $2, 'ENTITY', 'Holding', $3, 10000, 'EQUITY', 'DIRECT')`, [declaration, id, jurisdiction]);
  return id;
}
