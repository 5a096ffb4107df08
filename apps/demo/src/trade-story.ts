import { createHash } from 'node:crypto';
import { compactVerify, createLocalJWKSet, type JSONWebKeySet } from 'jose';
import type { Actors } from './actors.js';
import { download } from './download.js';
import { type Bought, buyProduct, findTrade, pay, planOf, TRADE, type Trade, tradeIn } from './buy-product.js';
import { type ExchangeClient, until } from './client.js';
import { type ListedProduct, listProduct, type ProductPlan } from './list-product.js';
import type { Story } from './story.js';

const OPEN_DATA = 'Collected outside mainland China by a public body and published as open data; redistributed by the npm package vega-datasets under its licence notes.';

const PLAN: ProductPlan = {
  title: 'Weather, earthquakes and three million flights 天气、地震与三百万航班', themes: ['TRAN', 'ENVI'],
  description: 'Daily weather in CSV, earthquakes in GeoJSON, three million flights in Parquet: for delay and risk models.',
  datasets: [
    { title: 'Weather', description: 'Daily weather of Seattle: rain, temperature, wind.', file: 'seattle-weather.csv', sourceStatement: OPEN_DATA },
    { title: 'Earthquakes', description: 'A week of earthquakes of the world.', file: 'earthquakes.json', sourceStatement: OPEN_DATA },
    { title: 'Flights', description: 'Three million flights with delay and distance.', file: 'flights-3m.parquet', sourceStatement: OPEN_DATA },
  ],
};
const OFFER = { title: 'One year, three purposes', plans: [planOf('SGD', 'P1Y', '250000', '1.25')], purposes: ['RESEARCH', 'ANALYTICS'], destinations: ['SG'] };

/** The trade of the product's main job, from proven organisations to the certificate. Answers the ids of its two trades. */
export async function tradeStory(actors: Actors, keys: JSONWebKeySet, story: Story): Promise<{ purchase: string; usage: string }> {
  story.step('Organisations are proven');
  for (const [role, o] of Object.entries(actors.organisations)) {
    story.tell(`${role}: ${o.legalName}, ${o.jurisdiction}, ${o.registryNumbers.map((n) => `${n.scheme} ${n.value} (check digits ${n.checksum.toLowerCase()}, ${n.proven ? 'proven' : 'not proven'})`).join(', ')}: ${o.state}, level ${o.assuranceLevel}`);
  }
  story.step('The vendor lists a product through the gate');
  const product = await listProduct(actors, PLAN, 'product', story.tell);

  story.step('The buyer finds it, takes the offer and pays into escrow');
  const bought = await buy(actors, product, story);

  story.step('Delivery: a single-use token each, the decision computed again, receipt and usage');
  await deliver(actors, product, bought, keys, story);

  story.step('Acceptance and invoice of the purchase');
  await actors.buyer.mutate('acceptTrade', 'Trade', 'id', { tradeId: bought.trade.id }, 'accept');
  await tellInvoice(actors, bought.trade.id, 'PURCHASE', story);

  story.step('Downloads are rated, invoiced and paid');
  const usage = await billUsage(actors, bought, story);

  story.step('Clearing and payout');
  await settle(actors, [bought.trade.id, usage.id], story);

  story.step('Certificate');
  await certificate(actors, bought, keys, story);
  return { purchase: bought.trade.id, usage: usage.id };
}

async function buy(actors: Actors, product: ListedProduct, story: Story): Promise<Bought> {
  const found = await actors.buyer.query<{ searchProducts: { nodes: { id: string; title: string }[] } }>('query($text: String) { searchProducts(first: 10, search: { text: $text }) { nodes { id title } } }', { text: '地震 flights' });
  story.tell(`search for "地震 flights": ${found.searchProducts.nodes.length} product(s), this one ${found.searchProducts.nodes.some((p) => p.id === product.id) ? 'among them' : 'missing'}`);
  const bought = await buyProduct(actors, product.id, OFFER, 'deal');
  const { decision, hash, document } = bought.agreement;
  story.tell(`decision: ${decision.outcome}${decision.permitted ? '' : ', not permitted'} by rule ${decision.reasons[0]?.rule} of version ${decision.reasons[0]?.version}, after looking at ${decision.considered.length} rules`);
  for (const reason of decision.reasons) story.tell(`  source: ${reason.citation} (${reason.confidence.toLowerCase().replace('_', ' ')})`);
  const recomputed = createHash('sha256').update(document).digest('hex');
  story.check(recomputed === hash, `agreement ${bought.agreement.id}, sha-256 ${hash}; the document hashes to the same`);
  story.tell(`trade ${bought.trade.id}: ${bought.trade.net.formatted} net, ${bought.trade.tax.formatted} tax, ${bought.trade.gross.formatted} paid by ${bought.payment.provider} into escrow: ${bought.trade.state}`);
  return bought;
}

async function deliver(actors: Actors, product: ListedProduct, { licenceId }: Bought, keys: JSONWebKeySet, story: Story): Promise<void> {
  const pipeline = await apiKey(actors, story);
  for (const { id: assetId, source } of product.assets) {
    const received = await download(pipeline, { licenceId, assetId }, source.fileName);
    story.check(received.sha256 === source.sha256, `${source.fileName}: ${received.bytes.toLocaleString('en')} bytes, sha-256 ${received.sha256.slice(0, 16)}… equal to the source file`);
  }
  const { receipts } = await actors.buyer.query<{ receipts: { nodes: { id: string; assetId: string; bytes: string; jws: string }[] } }>('query($id: ID!) { receipts(licenceId: $id, first: 50) { nodes { id assetId bytes jws } } }', { id: licenceId });
  for (const { id, jws, bytes } of receipts.nodes) {
    const { payload, protectedHeader } = await compactVerify(jws, createLocalJWKSet(keys), { algorithms: ['EdDSA'] });
    const content = JSON.parse(new TextDecoder().decode(payload)) as { sha256: string };
    story.check(protectedHeader.typ === 'entrepot-receipt+jws' && product.assets.some((a) => a.source.sha256 === content.sha256), `receipt ${id} for ${Number(bytes).toLocaleString('en')} bytes verifies with the exchange's public key ${protectedHeader.kid}`);
  }
  story.check(receipts.nodes.length === product.assets.length, `${receipts.nodes.length} receipts for ${product.assets.length} downloads`);
  const { usageEvents } = await actors.vendor.query<{ usageEvents: { nodes: { meter: string; quantity: string; receiptId: string }[] } }>('query($id: ID!) { usageEvents(licenceId: $id, first: 50) { nodes { meter quantity receiptId } } }', { id: licenceId });
  for (const line of usageEvents.nodes) story.tell(`usage, as vendor and buyer see it: ${line.meter.toLowerCase()} ${Number(line.quantity).toLocaleString('en')}, receipt ${line.receiptId}`);
}

/** A key for the buyer's pipeline. Its secret is shown once: when that answer was lost, another key is made. */
async function apiKey({ buyer, since }: Actors, story: Story): Promise<ExchangeClient> {
  for (let attempt = 0; ; attempt++) {
    const key = await buyer.mutate<{ id: string; secret: string | null; scopes: string[] }>('createApiKey', 'CreatedApiKey', 'id secret scopes', {
      name: 'Nightly fetch', scopes: ['DELIVERY_DOWNLOAD'], expiresAt: new Date(Math.ceil(since.getTime() / 86_400_000 + 30) * 86_400_000).toISOString(),
    }, `key-${attempt}`);
    if (!key.secret) continue;
    story.tell(`API key ${key.id} for the buyer's pipeline, scope ${key.scopes.join(', ')}`);
    return buyer.with(key.secret);
  }
}

interface Invoice { readonly number: string; readonly kind: string; readonly tradeId: string; readonly issuerName: string; readonly customerName: string; readonly net: { formatted: string }; readonly tax: { formatted: string }; readonly total: { formatted: string }; readonly lines: readonly { description: string; quantity: string; unitPrice: string; net: { formatted: string } }[] }
const INVOICE = 'number kind tradeId issuerName customerName net { formatted } tax { formatted } total { formatted } lines { description quantity unitPrice net { formatted } }';

async function tellInvoice({ buyer }: Actors, tradeId: string, kind: string, story: Story): Promise<void> {
  const invoice = await until('the invoice', async () => (await buyer.query<{ invoices: { nodes: Invoice[] } }>(`{ invoices(first: 50) { nodes { ${INVOICE} } } }`)).invoices.nodes.find((i) => i.tradeId === tradeId && i.kind === kind));
  story.tell(`invoice ${invoice.number}, ${invoice.issuerName} to ${invoice.customerName}`);
  for (const line of invoice.lines) story.tell(`  ${line.quantity} × ${line.unitPrice}  ${line.net.formatted}  ${line.description}`);
  story.tell(`  net ${invoice.net.formatted}, tax ${invoice.tax.formatted}, total ${invoice.total.formatted}`);
}

async function billUsage(actors: Actors, { agreement, licenceId }: Bought, story: Story): Promise<Trade> {
  await actors.vendor.mutate('closeUsagePeriod', 'UsagePeriod', 'id', { licenceId }, 'close-period');
  const trade = await findTrade(actors, agreement.id, 'USAGE');
  await tellInvoice(actors, trade.id, 'USAGE', story);
  await pay(actors, trade.id, 'pay-usage');
  await tradeIn(actors, trade.id, ['FUNDED', 'ACCEPTED', 'CLEARED', 'SETTLED']);
  const accepted = await actors.buyer.mutate<Trade>('acceptTrade', 'Trade', TRADE, { tradeId: trade.id }, 'accept-usage');
  story.tell(`usage trade ${trade.id}: ${trade.gross.formatted} paid, ${accepted.state}`);
  return trade;
}

async function settle(actors: Actors, tradeIds: readonly string[], story: Story): Promise<void> {
  const cycle = await actors.settler.mutate<{ id: string; tradeCount: number; payoutCount: number; gross: { formatted: string }; paidOut: { formatted: string } }>('runClearing', 'ClearingCycle', 'id tradeCount payoutCount gross { formatted } paidOut { formatted }', { currency: 'SGD' }, 'clearing');
  story.tell(`clearing cycle ${cycle.id}: ${cycle.tradeCount} trades of ${cycle.gross.formatted}, ${cycle.payoutCount} payout(s) of ${cycle.paidOut.formatted}`);
  for (const id of tradeIds) {
    const trade = await tradeIn(actors, id, ['SETTLED']);
    story.tell(`${trade.kind.toLowerCase()} trade ${id}: ${trade.state}; commission ${trade.commission.formatted} of ${trade.net.formatted}`);
  }
  const { trade } = await actors.vendor.query<{ trade: { payout: { amount: { formatted: string }; state: string; provider: string; providerReference: string } } }>('query($id: ID!) { trade(id: $id) { payout { amount { formatted } state provider providerReference } } }', { id: tradeIds[0] });
  story.tell(`payout to the vendor: ${trade.payout.amount.formatted} by ${trade.payout.provider}, reference ${trade.payout.providerReference}: ${trade.payout.state}`);
  const { trialBalance } = await actors.auditor.query<{ trialBalance: { currency: string; debitMinor: string; creditMinor: string; sumMinor: string; driftedAccounts: number }[] }>('{ trialBalance { currency debitMinor creditMinor sumMinor driftedAccounts } }');
  for (const line of trialBalance) story.check(line.sumMinor === '0' && line.driftedAccounts === 0, `trial balance ${line.currency}: debits ${line.debitMinor}, credits ${line.creditMinor}, sum ${line.sumMinor}`);
}

async function certificate(actors: Actors, { trade }: Bought, keys: JSONWebKeySet, story: Story): Promise<void> {
  const { jws } = await until('the certificate', async () => (await actors.buyer.query<{ certificate: { jws: string } | null }>('query($id: ID!) { certificate(tradeId: $id) { jws } }', { id: trade.id })).certificate);
  const { payload, protectedHeader } = await compactVerify(jws, createLocalJWKSet(keys), { algorithms: ['EdDSA'] });
  const content = JSON.parse(new TextDecoder().decode(payload)) as { tradeId: string; agreementHash: string; invoices: { number: string }[]; receiptIds: string[] };
  story.check(content.tradeId === trade.id && protectedHeader.typ === 'entrepot-trade-certificate+jws', `certificate of trade ${trade.id} verifies: agreement ${content.agreementHash.slice(0, 16)}…, ${content.receiptIds.length} receipts, invoices ${content.invoices.map((i) => i.number).join(', ')}`);
}
