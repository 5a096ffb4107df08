import { once } from 'node:events';
import http from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { Clock } from '#shared';
import type { GraphClient } from './support/client.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { ban, changeLaw, handIn } from './support/law.js';
import { activeOn, csvFile, done, hire, listedProduct, type Market, offerOf, openMarket, planOf } from './support/market.js';

/** The real clock, put forward: it runs, and a day can have passed. */
class RunningClock extends Clock {
  private ahead = 0;
  now(): Date {
    return new Date(Date.now() + this.ahead);
  }
  jumpTo(instant: Date): void {
    this.ahead = instant.getTime() - Date.now();
  }
}

const WITHIN_SECONDS = 10;
const PROHIBITED = ['distribute', 'grantUse', 'derive', 'commercialize'].map((action) => ({ action }));

/** The exchange as it runs: its own clock, its own sweeps and relay, downloads over HTTP. */
describe('a lapse ends what is under way within ten seconds', () => {
  const clock = new RunningClock();
  const long = csvFile(24_000_000, 'long.csv');
  const measured: string[] = [];
  let exchange: TestExchange;
  let market: Market;
  let productId: string;
  let assetId: string;

  beforeAll(async () => {
    exchange = await startExchange({ clock, worker: true });
    market = await openMarket(exchange);
    const draft = await listedProduct(working(), market, [long]);
    [productId, assetId] = [draft.productId, draft.assetIds[0]!];
  });
  afterAll(async () => {
    process.stdout.write(`${measured.join('\n')}\n`);
    await exchange.close();
  });

  /** The worker is its own: nothing is drained, what was handed in is waited for. */
  const working = () => ({ ...exchange, drain: async () => void (await seconds(Date.now(), async () => ((await exchange.owner.query(`select 1 from catalog.product where state = 'SUBMITTED'`)) as unknown[]).length > 0)) });
  const licensed = async (over: object = {}) => {
    const { id } = await done(market.vendor, 'createOffer', 'Offer', 'id', offerOf(productId, over));
    return activeOn(exchange, market.buyer, id);
  };
  const ask = (licenceId: string, client: GraphClient) => client.mutate<{ url?: string; code?: string }>('requestDownload', 'DownloadGrant', 'url', { licenceId, assetId });
  /** A response in the middle of its file: its client reads nothing, or a little at a time. */
  const running = async (licenceId: string, reads: boolean): Promise<{ readonly response: http.IncomingMessage; received: () => number }> => {
    const { url } = await ask(licenceId, market.buyer);
    const [response] = (await once(http.get(url!, { agent: false }), 'response')) as [http.IncomingMessage];
    let received = 0;
    response.on('error', () => undefined).on('data', (chunk: Buffer) => {
      received += chunk.length;
      response.pause();
      if (reads) void pause(100).then(() => response.resume());
    });
    await pause(500);
    return { response, received: () => received };
  };
  const open = async (licenceId: string): Promise<boolean> => ((await exchange.owner.query('select 1 from delivery.response where licence_id = $1', [licenceId])) as unknown[]).length > 0;
  const seconds = async (since: number, holds: () => Promise<boolean>): Promise<number> => {
    while (await holds()) {
      if (Date.now() - since > 3 * WITHIN_SECONDS * 1_000) return Infinity;
      await pause(100);
    }
    return Math.max(0, Date.now() - since) / 1_000;
  };
  /** `lapse` answers the instant of it, by the machine's clock. */
  const lapses = async (cause: string, licenceId: string, lapse: () => Promise<number>, reads = false): Promise<void> => {
    const { response, received } = await running(licenceId, reads);
    expect(await open(licenceId)).toBe(true);
    const since = await lapse();
    const buyer = await exchange.client('buyer');
    const [ended, refused] = await Promise.all([seconds(since, () => open(licenceId)), seconds(since, async () => (await ask(licenceId, buyer)).url !== undefined)]);
    measured.push(`policy monitor, ${cause}${reads ? ', client that reads' : ''}: running download ended after ${ended.toFixed(1)} s, no new token after ${refused.toFixed(1)} s`);
    expect([cause, ended < WITHIN_SECONDS, refused < WITHIN_SECONDS]).toEqual([cause, true, true]);
    // What the sockets of both ends held comes through, and then nothing.
    response.removeAllListeners('data').on('data', () => undefined).resume();
    if (!response.closed) await new Promise((closed) => response.once('close', closed));
    expect([response.complete, received() < long.content.length]).toEqual([false, true]);
    expect(await exchange.owner.query('select 1 from delivery.receipt where licence_id = $1', [licenceId])).toEqual([]);
  };
  const now = (act: Promise<unknown>): Promise<number> => act.then(() => Date.now());

  it.each([false, true])('a hold, whether its client reads or not: %s', async (reads) => {
    const { licenceId } = await licensed();
    await lapses('hold', licenceId, () => now(done(market.vendor, 'suspendLicence', 'Licence', 'id', { licenceId, reason: 'resold' })), reads);
  });
  it('a terminated agreement', async () => {
    const { licenceId, agreementId } = await licensed();
    await lapses('agreement terminated', licenceId, () => now(done(market.officer, 'terminateAgreement', 'Termination', 'id', { agreementId, reasonCode: 'LAW', statement: 'the law says so' })));
  });
  it("the terms' end of use, by what the licence is cut to and by a clause of its own", async () => {
    const at = new Date(clock.now().getTime() + 6_000);
    const until = await licensed({ terms: { until: at.toISOString() } });
    await lapses("terms' end of use", until.licenceId, () => Promise.resolve(at.getTime()));
    const from = new Date(clock.now().getTime() + 6_000);
    const policy = JSON.stringify({ permission: [{ uid: 'use', action: 'use' }], prohibition: [...PROHIBITED, { uid: 'over', action: 'use', constraint: { leftOperand: 'dateTime', operator: 'gteq', rightOperand: from.toISOString() } }] });
    const clause = await licensed({ terms: { template: null, policy } });
    await lapses('a clause that forbids use from an instant on', clause.licenceId, () => Promise.resolve(from.getTime()));
  });
  it('a product that is suspended', async () => {
    const { licenceId } = await licensed();
    await lapses('product suspended', licenceId, () => now(done(market.officer, 'suspendProduct', 'Product', 'id', { productId, reason: 'a complaint' })));
    await done(market.reviewer, 'reinstateProduct', 'Product', 'id', { productId, reason: 'without ground' });
  });
  it('the licence expires', async () => {
    const { licenceId } = await licensed({ plans: [planOf({ duration: 'P1D' })] });
    const [{ until }] = (await exchange.owner.query('select valid_until as until from contracts.licence where id = $1', [licenceId])) as [{ until: Date }];
    await lapses('licence expired', licenceId, () => {
      clock.jumpTo(new Date(until.getTime() - 1_500));
      return Promise.resolve(Date.now() + 1_500);
    });
    const [officer, vendor, buyer, admin, reviewer] = (await Promise.all(['officer', 'vendor', 'buyer', 'staff-admin', 'reviewer'].map((s) => exchange.client(s)))) as [GraphClient, GraphClient, GraphClient, GraphClient, GraphClient];
    market = { ...market, officer, vendor, buyer, admin, reviewer };
  });
  it('the revision is called back', async () => {
    const called = await listedProduct(working(), market, [long]);
    const before = { productId, assetId };
    [productId, assetId] = [called.productId, called.assetIds[0]!];
    const { licenceId } = await licensed();
    await lapses('revision revoked', licenceId, () => now(done(market.vendor, 'revokeRevision', 'Revision', 'id', { revisionId: called.revisionId, reason: 'wrong figures' })));
    ({ productId, assetId } = before);
  });
  it('the law does not permit it any more', async () => {
    const { licenceId } = await licensed();
    const second = await hire(exchange, market.admin, 'officer-2', 'COMPLIANCE_OFFICER');
    const document = await handIn(market.officer, ban('1', { fact: 'recipientJurisdiction', eq: 'SG' }, 'country'));
    await lapses('decision lapsed', licenceId, () => now(changeLaw([market.officer, second], document, 'ACTIVATE')));
  });
});
