import { type Actors } from './actors.js';
import { until } from './client.js';

export interface OfferPlan {
  readonly title: string;
  readonly plans: readonly object[];
  readonly purposes: readonly string[];
  readonly destinations: readonly string[];
}
export interface Money { readonly minor: string; readonly currency: string; readonly formatted: string }
export interface Trade {
  readonly id: string; readonly kind: string; readonly state: string; readonly agreementId: string; readonly licenceId: string;
  readonly gross: Money; readonly net: Money; readonly tax: Money; readonly commission: Money;
}
export interface Agreement {
  readonly id: string; readonly hash: string; readonly document: string;
  readonly decision: { readonly id: string; readonly outcome: string; readonly permitted: boolean; readonly mechanisms: string[]; readonly obligations: string[]; readonly reasons: readonly { readonly rule: string; readonly citation: string; readonly confidence: string; readonly version: string }[]; readonly considered: string[] };
}
export interface Bought { readonly agreement: Agreement; readonly trade: Trade; readonly licenceId: string; readonly payment: { readonly id: string; readonly state: string; readonly provider: string } }

const AGREEMENT = 'id hash document decision { id outcome permitted mechanisms obligations considered reasons { rule citation confidence version } }';
export const TRADE = 'id kind state agreementId licenceId gross { minor currency formatted } net { minor currency formatted } tax { minor currency formatted } commission { minor currency formatted }';

/** A plan of a price that is paid once and a price for each download; `0` where downloads are included. */
export const planOf = (currency: string, duration: string, onceMinor: string, perDownload: string): object => ({
  label: 'Standard', currency, duration,
  components: [
    { kind: 'ONE_OFF', label: 'Licence', amountMinor: onceMinor },
    ...(perDownload === '0' ? [] : [{ kind: 'USAGE', label: 'Downloads', meter: 'DOWNLOADS', tiers: [{ unitPrice: perDownload }] }]),
  ],
});

/** Vendor offers, buyer orders and pays; the money lies in escrow and the licence is active. */
export async function buyProduct(actors: Actors, productId: string, plan: OfferPlan, key: string): Promise<Bought> {
  const offer = await actors.vendor.mutate<{ id: string }>('createOffer', 'Offer', 'id', { productId, ...plan }, `${key}:offer`);
  const agreement = await actors.buyer.mutate<Agreement>('placeOrder', 'Agreement', AGREEMENT, { offerId: offer.id, purpose: plan.purposes[0], destination: plan.destinations[0] }, `${key}:order`);
  const executed = await findTrade(actors, agreement.id, 'PURCHASE');
  const payment = await pay(actors, executed.id, `${key}:pay`);
  const trade = await tradeIn(actors, executed.id, ['FUNDED', 'DELIVERED', 'ACCEPTED', 'CLEARED', 'SETTLED']);
  return { agreement, trade, licenceId: trade.licenceId, payment };
}

export const pay = (actors: Actors, tradeId: string, key: string): Promise<{ id: string; state: string; provider: string }> =>
  actors.buyer.mutate('payTrade', 'Payment', 'id state provider', { tradeId }, key);

/** The trade of an agreement, once the exchange has opened it. */
export const findTrade = (actors: Actors, agreementId: string, kind: string): Promise<Trade> =>
  until('the trade to open', async () => {
    const { trades } = await actors.buyer.query<{ trades: { nodes: Trade[] } }>(`{ trades(first: 50) { nodes { ${TRADE} } } }`);
    return trades.nodes.find((t) => t.agreementId === agreementId && t.kind === kind && t.state !== 'EXECUTED');
  });

export const tradeIn = (actors: Actors, id: string, states: readonly string[]): Promise<Trade> =>
  until(`the trade to be ${states[0]}`, async () => {
    const { trade } = await actors.buyer.query<{ trade: Trade }>(`query($id: ID!) { trade(id: $id) { ${TRADE} } }`, { id });
    return states.includes(trade.state) && trade;
  });
