import type { GraphClient } from './client.js';
import { csvFile, done, listedProduct, type Market, offerOf, orderOf, type Outside, type TestFile } from './market.js';

/** The ids of one trade from its product to its certificate. */
export interface PlayedTrade {
  readonly file: TestFile;
  readonly productId: string;
  readonly datasetId: string;
  readonly revisionId: string;
  readonly assetId: string;
  readonly offerId: string;
  readonly agreementId: string;
  readonly decisionId: string;
  readonly licenceId: string;
  readonly purchaseId: string;
  readonly usageId: string;
  readonly purchaseInvoiceId: string;
  readonly usageInvoiceId: string;
  readonly receiptId: string;
  /** What each step answered, in order. */
  readonly states: readonly string[];
}

export interface Ordered {
  readonly agreementId: string;
  readonly decisionId: string;
  readonly licenceId: string;
  readonly purchaseId: string;
}

/** The buyer takes an offer; its purchase awaits payment. */
export async function order(exchange: Outside, { buyer }: Pick<Market, 'buyer'>, offerId: string, headers: Record<string, string> = {}): Promise<Ordered> {
  const agreement = await done<{ id: string; licence: { id: string }; decision: { id: string } }>(buyer, 'placeOrder', 'Agreement', 'id licence { id } decision { id }', orderOf(offerId), headers);
  await exchange.drain();
  return { agreementId: agreement.id, decisionId: agreement.decision.id, licenceId: agreement.licence.id, purchaseId: await tradeOf(buyer, agreement.id, 'PURCHASE') };
}

export async function tradeOf(client: GraphClient, agreementId: string, kind: 'PURCHASE' | 'USAGE'): Promise<string> {
  const { trades } = await client.ask<{ trades: { nodes: { id: string; kind: string; agreementId: string }[] } }>('{ trades(first: 50) { nodes { id kind agreementId } } }');
  const found = trades.nodes.find((t) => t.agreementId === agreementId && t.kind === kind);
  if (!found) throw new Error(`no ${kind} of agreement ${agreementId}`);
  return found.id;
}

/** One complete download; answers the bytes. */
export async function download(exchange: Outside, buyer: GraphClient, licenceId: string, assetId: string): Promise<Buffer> {
  const { url } = await done<{ url: string }>(buyer, 'requestDownload', 'DownloadGrant', 'url', { licenceId, assetId });
  const response = await fetch(url);
  if (response.status !== 200) throw new Error(`download: ${response.status} ${await response.text()}`);
  const content = Buffer.from(await response.arrayBuffer());
  await exchange.drain();
  return content;
}

/** The whole story through the public API: order, pay, download, accept, bill the use, pay, clear, settle, certificate. */
export async function playTrade(exchange: Outside, market: Market, settler: GraphClient): Promise<PlayedTrade> {
  const { vendor, buyer } = market;
  const file = csvFile(3_000);
  const { productId, datasetId, revisionId, assetIds: [assetId] } = await listedProduct(exchange, market, [file]);
  const { id: offerId } = await done(vendor, 'createOffer', 'Offer', 'id', offerOf(productId));
  const ordered = await order(exchange, market, offerId);
  const states: string[] = [];
  const step = async (client: GraphClient, name: string, success: string, input: object): Promise<void> => void states.push(`${name} ${(await done<{ state: string }>(client, name, success, 'state', input)).state}`);
  await step(buyer, 'payTrade', 'Payment', { tradeId: ordered.purchaseId });
  const received = await download(exchange, buyer, ordered.licenceId, assetId!);
  if (!received.equals(file.content)) throw new Error('other bytes');
  await step(buyer, 'acceptTrade', 'Trade', { tradeId: ordered.purchaseId });
  const period = await done<{ trade: { id: string }; invoice: { id: string } }>(vendor, 'closeUsagePeriod', 'UsagePeriod', 'trade { id } invoice { id }', { licenceId: ordered.licenceId });
  await step(buyer, 'payTrade', 'Payment', { tradeId: period.trade.id });
  await step(buyer, 'acceptTrade', 'Trade', { tradeId: period.trade.id });
  await exchange.drain();
  await step(settler, 'runClearing', 'ClearingCycle', { currency: 'SGD' });
  await exchange.drain();
  const { invoices } = await buyer.ask<{ invoices: { nodes: { id: string; tradeId: string; kind: string }[] } }>('{ invoices(first: 50) { nodes { id tradeId kind } } }');
  const { receipts } = await buyer.ask<{ receipts: { nodes: { id: string }[] } }>('query($id: ID!) { receipts(licenceId: $id) { nodes { id } } }', { id: ordered.licenceId });
  return {
    file, productId, datasetId, revisionId, assetId: assetId!, offerId, ...ordered, usageId: period.trade.id, usageInvoiceId: period.invoice.id,
    purchaseInvoiceId: invoices.nodes.find((i) => i.tradeId === ordered.purchaseId)!.id, receiptId: receipts.nodes[0]!.id, states,
  };
}
