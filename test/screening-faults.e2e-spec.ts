import { jest } from '@jest/globals';
import { Screenings, type ScreenedRoom } from '#compliance';
import { asSystem, systemCaller, UnitOfWork, WorkerRuntime } from '#shared';
import { ScreenedProductRepository } from '../libs/catalog/src/storage/screened-product.repository.js';
import { ScreenProducts } from '../libs/catalog/src/use-cases/screen-products.js';
import { ScreenedLicenceRepository } from '../libs/contracts/src/storage/screened-licence.repository.js';
import type { GraphClient } from './support/client.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { ban, changeLaw, handIn } from './support/law.js';
import { activeLicence, csvFile, done, type Draft, hire, listedProduct, type Market, openMarket } from './support/market.js';

const BANNED = 7;
/** Two full pages and a bit, of which some are banned. */
const PRODUCTS = 2_300;

describe('a screening that is disturbed', () => {
  let exchange: TestExchange;
  let market: Market;
  let officers: readonly [GraphClient, GraphClient];
  let traded: Draft;
  let licenceId: string;
  let hash: string;

  beforeAll(async () => {
    exchange = await startExchange();
    market = await openMarket(exchange);
    officers = [market.officer, await hire(exchange, market.admin, 'officer-2', 'COMPLIANCE_OFFICER')];
    traded = await listedProduct(exchange, market, [csvFile(3_000)], { sector: 'fisheries' });
    ({ licenceId } = await activeLicence(exchange, market, traded.productId));
    await exchange.owner.query(
      `insert into catalog.product (id, vendor_id, vendor_name, vendor_jurisdiction, vendor_state, title, description, themes, exporter_is_ciio, exporter_has_prc_entity, state, submission, gate_version,
         demanded_steps, completed_steps, opinion_valid_until, certificate_number, certificate_valid_until, listed_at, created_at)
       select gen_random_uuid(), vendor_id, vendor_name, vendor_jurisdiction, vendor_state, 'Product ' || n, 'One of many', themes, false, true, 'LISTED', n, 'many', demanded_steps, completed_steps, opinion_valid_until,
         1000000 + n, certificate_valid_until, now(), now() from catalog.product, generate_series(1, $2) n where id = $1`, [traded.productId, PRODUCTS - 1]);
    await exchange.owner.query(
      `insert into catalog.dataset (id, product_id, vendor_id, title, description, classification, created_at)
       select gen_random_uuid(), p.id, p.vendor_id, 'Data', 'Data', case when p.submission < $2 then d.classification else jsonb_set(d.classification, '{sector}', '"other"') end, now()
       from catalog.product p, catalog.dataset d where p.gate_version = 'many' and d.product_id = $1`, [traded.productId, BANNED]);
    hash = await handIn(market.officer, ban('1', { fact: 'sector', eq: 'fisheries' }));
    await exchange.drain();
  });
  afterAll(() => exchange.close());
  afterEach(() => jest.restoreAllMocks());

  const relay = (): Promise<void> => exchange.drain();
  const suspended = async (): Promise<number> => ((await exchange.owner.query(`select count(*)::int as n from catalog.product where suspended_by = 'COMPLIANCE'`)) as [{ n: number }])[0].n;
  const licenceState = async (): Promise<string> => ((await exchange.owner.query('select state from contracts.licence where id = $1', [licenceId])) as [{ state: string }])[0].state;
  const holds = async (): Promise<string[]> => ((await exchange.owner.query('select cause from contracts.licence_hold where licence_id = $1 and lifted_at is null order by cause', [licenceId])) as { cause: string }[]).map((h) => h.cause);
  const lines = async (act: string): Promise<number> => ((await exchange.owner.query('select count(*)::int as n from audit.entry where act = $1', [act])) as [{ n: number }])[0].n;
  const notices = async (): Promise<number> => ((await exchange.owner.query('select count(*)::int as n from identity.notice')) as [{ n: number }])[0].n;
  const states = async (): Promise<string[]> => ((await exchange.owner.query('select state from compliance.screening order by id')) as { state: string }[]).map((s) => s.state);
  const request = (): Promise<{ id: string }> => asSystem(() => exchange.app.get(UnitOfWork).run((tx) => exchange.app.get(Screenings).request(tx, systemCaller('test'), { cause: 'PARTY', reference: 'a test of it', organisationId: null })));
  const products = (at: TestExchange = exchange): Promise<void> => asSystem(() => at.app.get(Screenings).work('PRODUCTS', at.app.get(ScreenProducts)));
  /** The room, but that it dies at the page of this number, after it has done its work and before that is committed. */
  const dying = (at: number): ScreenedRoom => {
    const room = exchange.app.get(ScreenProducts);
    let page = 0;
    return {
      count: (tx, run) => room.count(tx, run),
      page: async (tx, run, after, limit) => { const answer = await room.page(tx, run, after, limit); if (++page === at) throw new Error('the process died'); return answer; },
    };
  };
  const inForce = async (act: 'ACTIVATE' | 'RETIRE'): Promise<void> => changeLaw(officers, hash, act);

  it('goes on behind its last page after a crash, and does nothing twice', async () => {
    const before = await lines('product.suspend');
    await inForce('ACTIVATE');
    const runtime = exchange.app.get(WorkerRuntime);
    jest.spyOn(exchange.app.get(ScreenProducts), 'page').mockImplementation(() => Promise.reject(new Error('not yet')));
    await runtime.drain();
    jest.restoreAllMocks();
    await exchange.owner.query('update compliance.screening_part set retry_at = current_date');
    await asSystem(() => exchange.app.get(Screenings).work('PRODUCTS', dying(2)));
    const [part] = (await exchange.owner.query(`select done, total, attempts, last_error from compliance.screening_part where part = 'PRODUCTS' and state = 'RUNNING'`)) as [object];
    expect(part).toEqual({ done: 1_000, total: PRODUCTS, attempts: 1, last_error: 'the process died' });
    const midway = await suspended();
    expect(midway).toBeLessThanOrEqual(BANNED);
    await exchange.owner.query('update compliance.screening_part set retry_at = current_date');
    await products();
    expect(await suspended()).toBe(BANNED);
    expect(await lines('product.suspend')).toBe(before + BANNED);
    expect((await states()).every((s) => s === 'DONE')).toBe(true);
    expect(await exchange.owner.query(`select count(*)::int as n from shared.outbox where topic = 'catalog.product-availability-changed.v1' and created_at > now() - interval '1 minute' and payload->>'listed' = 'false'`)).toEqual([{ n: BANNED }]);
  });

  it('is done once by two processes that work at the same time', async () => {
    const before = [await lines('product.reinstate'), await notices()];
    await inForce('RETIRE');
    const beside = await startExchange({ beside: exchange });
    try {
      await Promise.all([relay(), asSystem(() => beside.app.get(WorkerRuntime).drain()), products(), products(beside)]);
      await relay();
      expect([await suspended(), await licenceState()]).toEqual([0, 'ACTIVE']);
      expect([await lines('product.reinstate'), await notices()]).toEqual([before[0]! + BANNED, before[1]! + BANNED + 2]);
    } finally {
      await beside.close();
    }
  });

  it('follows the last of several changes, whichever run comes first', async () => {
    const before = await lines('product.suspend');
    await inForce('ACTIVATE');
    await inForce('RETIRE');
    await relay();
    expect([await suspended(), await licenceState(), await lines('product.suspend')]).toEqual([0, 'ACTIVE', before]);
    await inForce('ACTIVATE');
    await inForce('RETIRE');
    await inForce('ACTIVATE');
    await relay();
    expect([await suspended(), await licenceState(), await lines('product.suspend')]).toEqual([BANNED, 'SUSPENDED', before + BANNED]);
    expect((await states()).every((s) => s === 'DONE')).toBe(true);
    await inForce('RETIRE');
    await relay();
    expect([await suspended(), await licenceState()]).toEqual([0, 'ACTIVE']);
  });

  it('leaves alone a product that was withdrawn and a licence that ended while it looked', async () => {
    const [productLines, licenceLines] = [await lines('product.suspend'), await lines('licence.suspend')];
    const [held, live] = [exchange.app.get(ScreenedProductRepository), exchange.app.get(ScreenedLicenceRepository)];
    const [holdProducts, holdLicences] = [held.hold.bind(held), live.hold.bind(live)];
    jest.spyOn(held, 'hold').mockImplementation(async (tx, ids) => {
      if (ids.includes(traded.productId)) await exchange.owner.query(`update catalog.product set state = 'WITHDRAWN' where id = $1`, [traded.productId]);
      return holdProducts(tx, ids);
    });
    jest.spyOn(live, 'hold').mockImplementation(async (tx, ids) => {
      await exchange.owner.query(`update contracts.licence set state = 'EXPIRED' where id = $1`, [licenceId]);
      return holdLicences(tx, ids);
    });
    await inForce('ACTIVATE');
    await relay();
    expect([await suspended(), await licenceState()]).toEqual([BANNED - 1, 'EXPIRED']);
    expect([await lines('product.suspend'), await lines('licence.suspend')]).toEqual([productLines + BANNED - 1, licenceLines]);
    jest.restoreAllMocks();
    await exchange.owner.query(`update contracts.licence set state = 'ACTIVE' where id = $1`, [licenceId]);
    await inForce('RETIRE');
    await relay();
  });

  it('resumes no licence that staff has suspended, and its own hold beside that one goes and leaves it', async () => {
    await done(market.officer, 'suspendLicence', 'Licence', 'id', { licenceId, reason: 'a complaint' });
    await request();
    await relay();
    expect(await holds()).toEqual(['STAFF']);
    await inForce('ACTIVATE');
    await relay();
    expect(await holds()).toEqual(['COMPLIANCE', 'STAFF']);
    await inForce('RETIRE');
    await relay();
    expect([await holds(), await licenceState()]).toEqual([['STAFF'], 'SUSPENDED']);
    await done(market.officer, 'resumeLicence', 'Licence', 'id', { licenceId, reason: 'the complaint is settled' });
    expect(await licenceState()).toBe('ACTIVE');
  });

  it('does not keep a suspended licence from ending by time', async () => {
    await inForce('ACTIVATE');
    await relay();
    expect(await licenceState()).toBe('SUSPENDED');
    await exchange.owner.query(`update contracts.licence set valid_until = valid_from + interval '1 second', valid_from = valid_from - interval '1 day' where id = $1`, [licenceId]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await relay();
    expect(await exchange.owner.query('select state, state_reason from contracts.licence where id = $1', [licenceId])).toEqual([{ state: 'EXPIRED', state_reason: null }]);
    expect(await holds()).toEqual([]);
    await inForce('RETIRE');
    await relay();
    expect([await suspended(), await licenceState()]).toEqual([0, 'EXPIRED']);
  });

  it('gives up on a room that never answers, says so, and holds up no other run', async () => {
    const { id } = await request();
    const broken: ScreenedRoom = { count: () => Promise.reject(new Error('no answer')), page: () => Promise.reject(new Error('no answer')) };
    for (let i = 0; i < 30; i++) {
      await exchange.owner.query('update compliance.screening_part set retry_at = current_date');
      await asSystem(() => exchange.app.get(Screenings).work('PRODUCTS', broken));
    }
    const next = await request();
    await relay();
    const found = (await exchange.owner.query('select id, state from compliance.screening where id = any($1) order by id', [[id, next.id]])) as object[];
    expect(found).toEqual([{ id, state: 'FAILED' }, { id: next.id, state: 'DONE' }]);
  });

  it('looks at the market once on each day', async () => {
    expect(await exchange.owner.query(`select count(*)::int as n from compliance.screening where cause = 'DAY'`)).toEqual([{ n: 1 }]);
  });
});
