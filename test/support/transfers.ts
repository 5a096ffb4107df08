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
  recipient: { restricted: false, schemes: [], coveredPerson: false, ownership: {} }, mechanisms: {}, datasets: datasets.map(dataset), ...over,
});

/** The same as another room hands it in. */
export const trade = (datasets: readonly Partial<Classification>[] = [{}], over: Partial<TradeFacts> = {}): TradeFacts => {
  const { recipient: _recipient, mechanisms: _mechanisms, onward: _onward, ...facts } = transfer(datasets);
  return { ...facts, recipientId: newId(), productId: newId(), ...over };
};
