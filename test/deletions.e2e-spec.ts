import { CompactSign, exportJWK, generateKeyPair } from 'jose';
import { canonicalHash, verifySigned } from '#shared';
import { GraphClient } from './support/client.js';
import { TestClock } from './support/clock.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { activeOn, done, hire, join, type Market, marketOfOne, offerOf, orderOf } from './support/market.js';
import { download } from './support/trade.js';

const DAY = 86_400;
const STATEMENT = { method: 'Tables dropped and the volume wiped', copies: ['warehouse sg-1', 'backups of November'] };
type Answer = { id: string; state?: string; code?: string; current?: string; fields?: { path: string; message: string }[] };

describe('deletion after a licence', () => {
  const clock = new TestClock();
  let exchange: TestExchange;
  let market: Market;
  let productId: string;
  let assetId: string;

  beforeAll(async () => {
    exchange = await startExchange({ clock });
    ({ market, productId, assetId } = await marketOfOne(exchange));
  });
  afterAll(() => exchange.close());
  /** Nothing of one test keeps the next from ordering. */
  afterEach(async () => {
    const { open, late } = await market.vendor.ask<Record<'open' | 'late', { nodes: { id: string }[] }>>('{ open: deletions(state: REQUESTED) { nodes { id } } late: deletions(state: OVERDUE) { nodes { id } } }');
    for (const { id } of [...open.nodes, ...late.nodes]) expect(await answer(market.vendor, 'releaseDeletion', id)).toMatchObject({ state: 'CLOSED' });
  });

  /** The clock goes on, and everybody signs in anew: tokens live twelve hours. */
  const later = async (seconds: number): Promise<void> => {
    clock.advance(seconds);
    const [officer, vendor, buyer, admin] = (await Promise.all(['officer', 'vendor', 'buyer', 'staff-admin'].map((s) => exchange.client(s)))) as [GraphClient, GraphClient, GraphClient, GraphClient];
    market = { ...market, officer, vendor, buyer, admin };
    await exchange.drain();
  };
  const licensed = async (terms: object, use = true) => {
    const { id: offerId } = await done(market.vendor, 'createOffer', 'Offer', 'id', offerOf(productId, { terms }));
    const { agreementId, licenceId } = await activeOn(exchange, market.buyer, offerId);
    if (use) await download(exchange, market.buyer, licenceId, assetId);
    return { agreementId, licenceId, offerId };
  };
  const end = (agreementId: string) => done(market.officer, 'terminateAgreement', 'Termination', 'id', { agreementId, reasonCode: 'LAW', statement: 'the law says so' });
  const ended = async (terms: object = { deletionWithin: 'P30D' }) => {
    const found = await licensed(terms);
    await end(found.agreementId);
    return { ...found, ...(await of(market.buyer, found.licenceId))[0]! };
  };
  const of = async (client: GraphClient, licenceId: string) => (await client.ask<{ deletions: { nodes: { id: string; state: string; clause: string; dueAt: string; certificates: { hash: string; document: string; displayName: string | null; keyId: string | null; countersignature: string }[]; history: { event: string; state: string; side: string; text: string | null }[] }[] } }>(
    'query($id: ID!) { deletions(licenceId: $id) { nodes { id state clause dueAt certificates { hash document displayName keyId countersignature } history { event state side text } } } }', { id: licenceId })).deletions.nodes;
  const told = async (client: GraphClient, licenceId: string) => (await client.ask<{ notices: { nodes: { kind: string }[] } }>('query($id: ID!) { notices(objectId: $id, kinds: [DELETION_REQUESTED, DELETION_REMINDER, DELETION_OVERDUE, DELETION_MOVED]) { nodes { kind } } }', { id: licenceId })).notices.nodes.map((n) => n.kind).reverse();
  const certify = (client: GraphClient, deletionId: string, over: object = {}) => client.mutate<Answer>('certifyDeletion', 'Deletion', 'id state', { deletionId, deletedAt: clock.now().toISOString(), ...STATEMENT, ...over });
  const answer = (client: GraphClient, name: 'contestDeletion' | 'releaseDeletion', deletionId: string) => client.mutate<Answer>(name, 'Deletion', 'id state', { deletionId, reason: 'we saw it on their site' });
  const judge = (client: GraphClient, deletionId: string, stands: boolean) => client.mutate<Answer>('judgeDeletion', 'Deletion', 'id state', { deletionId, stands, reason: 'heard both sides' });

  it('is asked for where the terms demand it and something was handed out, by whatever the licence ends', async () => {
    const [kept, unused] = [await licensed({}), await licensed({ deletionWithin: 'P30D' }, false)];
    for (const { agreementId } of [kept, unused]) await end(agreementId);
    for (const { licenceId } of [kept, unused]) expect(await of(market.buyer, licenceId)).toEqual([]);
    const until = new Date(clock.now().getTime() + 3 * DAY * 1_000);
    const [terminated, expiring] = [await licensed({ deletionWithin: 'P1M' }), await licensed({ deletionWithin: 'P10D', until: until.toISOString() })];
    await end(terminated.agreementId);
    expect(await of(market.buyer, terminated.licenceId)).toMatchObject([{ state: 'REQUESTED', clause: 'deletion', certificates: [], history: [{ event: 'REQUEST', state: 'REQUESTED', side: 'EXCHANGE' }] }]);
    // Written down half a day late, due from the end itself.
    await later(3.5 * DAY);
    expect(await of(market.vendor, expiring.licenceId)).toMatchObject([{ state: 'REQUESTED', dueAt: new Date(until.getTime() + 10 * DAY * 1_000).toISOString() }]);
    for (const side of [market.vendor, market.buyer]) expect(await told(side, expiring.licenceId)).toEqual(['DELETION_REQUESTED']);
  });

  it('is certified by a member with authority; the vendor sees who, when and how, and what was filed never changes', async () => {
    const { id, licenceId, agreementId } = await ended();
    const clerk = await hire(exchange, market.buyer, `clerk-${id}`, 'FINANCE');
    for (const client of [clerk, market.officer]) expect(await certify(client, id)).toMatchObject({ __typename: 'NotPermitted' });
    expect(await certify(market.vendor, id)).toMatchObject({ __typename: 'NotFound' });
    expect(await certify(market.buyer, id, { deletedAt: new Date(clock.now().getTime() + 60_000).toISOString() })).toMatchObject({ code: 'contracts.deletion_certificate', fields: [{ path: 'deletedAt' }] });
    expect(await certify(market.buyer, id)).toMatchObject({ state: 'CERTIFIED' });
    expect(await certify(market.buyer, id)).toMatchObject({ __typename: 'StateConflict' });
    const { certificates, history } = (await of(market.vendor, licenceId))[0]!;
    const certificate = certificates[0]!;
    expect(canonicalHash(JSON.parse(certificate.document))).toBe(certificate.hash);
    expect(JSON.parse(certificate.document)).toMatchObject({ type: 'entrepot-deletion-certificate', deletionId: id, agreementId, ...STATEMENT, recipients: [], retained: null });
    const keys = (await (await fetch(`${exchange.url}/.well-known/jwks.json`)).json()) as never;
    expect(await verifySigned(keys, 'entrepot-deletion-countersignature+jws', certificate.countersignature)).toMatchObject({ deletionId: id, hash: certificate.hash, signatory: { displayName: certificate.displayName } });
    expect(history).toMatchObject([{ event: 'CERTIFY', side: 'BUYER' }, { event: 'REQUEST' }]);
    for (const table of ['deletion_certificate', 'deletion_event']) await expect(exchange.owner.query(`update contracts.${table} set vendor_id = buyer_id where deletion_id = $1`, [id])).rejects.toThrow('refused');
    await expect(exchange.owner.query('update contracts.deletion set due_at = due_at, buyer_id = vendor_id where id = $1', [id])).rejects.toThrow('never changes');
    // Thirty days of silence, and it is good.
    await later(30 * DAY);
    expect(await of(market.buyer, licenceId)).toMatchObject([{ state: 'CLOSED', history: [{ event: 'SETTLE' }, {}, {}] }]);
    expect(await answer(market.vendor, 'contestDeletion', id)).toMatchObject({ __typename: 'StateConflict' });
  });

  it('is certified by a registered key too, over exactly this document', async () => {
    const { id, agreementId, licenceId } = await ended();
    const pair = await generateKeyPair('EdDSA', { extractable: true });
    const { id: keyId, secret } = await done<{ id: string; secret: string }>(market.buyer, 'createApiKey', 'CreatedApiKey', 'id secret', { name: 'deleting', scopes: ['CONTRACTS_ACCOUNT_FOR_DELETION'], expiresAt: new Date(clock.now().getTime() + 10 * DAY * 1_000).toISOString() });
    await done(market.buyer, 'registerKeyJwks', 'ApiKey', 'id', { id: keyId, jwks: JSON.stringify({ keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'EdDSA', use: 'sig' }] }) });
    const sign = (payload: object) => new CompactSign(Buffer.from(JSON.stringify(payload))).setProtectedHeader({ alg: 'EdDSA', kid: 'k1', typ: 'entrepot-deletion-certificate+jws' }).sign(pair.privateKey);
    const { agreement } = await market.buyer.ask<{ agreement: { hash: string; vendorId: string; buyerId: string } }>('query($id: ID!) { agreement(id: $id) { hash vendorId buyerId } }', { id: agreementId });
    const deletedAt = clock.now().toISOString();
    const hash = canonicalHash({ type: 'entrepot-deletion-certificate', version: '1', deletionId: id, agreementId, agreementHash: agreement.hash, vendorId: agreement.vendorId, buyerId: agreement.buyerId, deletedAt, ...STATEMENT, recipients: [], retained: null });
    const machine = new GraphClient(exchange.url, secret);
    expect(await certify(machine, id, { deletedAt, jws: await sign({ deletionId: id, hash: 'a'.repeat(64) }) })).toMatchObject({ code: 'contracts.signature', fields: [{ path: 'jws', message: expect.stringContaining(hash) }] });
    expect(await certify(machine, id, { deletedAt, copies: ['elsewhere'], jws: await sign({ deletionId: id, hash }) })).toMatchObject({ code: 'contracts.signature' });
    expect(await certify(machine, id, { deletedAt, jws: await sign({ deletionId: id, hash }) })).toMatchObject({ state: 'CERTIFIED' });
    expect((await of(market.vendor, licenceId))[0]!.certificates).toMatchObject([{ hash, keyId, displayName: null }]);
  });

  it('names everybody to whom the data was passed on', async () => {
    const { agreementId, licenceId } = await licensed({ template: 'REDISTRIBUTION', deletionWithin: 'P30D' });
    const partner = await exchange.client('partner');
    const partnerId = await join(market.officer, partner, 'Partner Labs', { jurisdiction: 'HK' }, 'HK_BRN', '87654329');
    await done(market.buyer, 'reshareData', 'Reshare', 'id', { licenceId, action: 'distribute', recipientId: partnerId, places: ['SG'], purpose: 'RESEARCH' });
    await end(agreementId);
    const { id } = (await of(market.buyer, licenceId))[0]!;
    expect(await certify(market.buyer, id)).toMatchObject({ code: 'contracts.deletion_certificate', fields: [{ path: 'recipients', message: expect.stringContaining(partnerId) }] });
    expect(await certify(market.buyer, id, { recipients: [{ name: 'Partner Labs', organisationId: partnerId, statement: 'their certificate of today' }] })).toMatchObject({ state: 'CERTIFIED' });
    // Whom it was passed on to is no side of it.
    expect(await of(partner, licenceId)).toEqual([]);
  });

  it('is contested, judged and filed anew; of a contest and thirty days of silence, and of two answers at once, one counts', async () => {
    const { id, licenceId } = await ended();
    expect(await answer(market.vendor, 'contestDeletion', id)).toMatchObject({ __typename: 'StateConflict', current: 'REQUESTED' });
    await certify(market.buyer, id);
    expect(await answer(market.buyer, 'contestDeletion', id)).toMatchObject({ __typename: 'NotFound' });
    const answers = await Promise.all([answer(market.vendor, 'contestDeletion', id), answer(market.vendor, 'contestDeletion', id)]);
    expect(answers.map((a) => a.state ?? a.current).sort()).toEqual(['CONTESTED', 'CONTESTED']);
    expect(answers.filter((a) => a.state)).toHaveLength(1);
    expect((await told(market.admin, licenceId)).at(-1)).toBe('DELETION_MOVED');
    expect(await judge(market.vendor, id, false)).toMatchObject({ __typename: 'NotPermitted' });
    const judged = clock.now().getTime();
    expect(await judge(market.officer, id, false)).toMatchObject({ state: 'REQUESTED' });
    expect(await of(market.buyer, licenceId)).toMatchObject([{ dueAt: new Date(judged + 14 * DAY * 1_000).toISOString(), certificates: [{}] }]);
    expect(await certify(market.buyer, id, { method: 'The mirror of the site too' })).toMatchObject({ state: 'CERTIFIED' });
    expect(await answer(market.vendor, 'releaseDeletion', id)).toMatchObject({ state: 'CLOSED' });
    expect((await of(market.vendor, licenceId))[0]).toMatchObject({ certificates: [{}, {}], history: [{ event: 'RELEASE' }, { event: 'CERTIFY' }, { event: 'REOPEN', text: 'heard both sides' }, { event: 'CONTEST', side: 'VENDOR' }, { event: 'CERTIFY' }, { event: 'REQUEST' }] });
    for (const act of [() => certify(market.buyer, id), () => judge(market.officer, id, true)]) expect(await act()).toMatchObject({ __typename: 'StateConflict', current: 'CLOSED' });
  });

  it('is followed up: reminders, then overdue, then no new order with this vendor until it is certified', async () => {
    const { id, licenceId, offerId } = await ended();
    const { id: openOffer } = await done(market.vendor, 'createOffer', 'Offer', 'id', offerOf(productId));
    const running = await licensed({});
    await later(23 * DAY - 1);
    expect(await told(market.buyer, licenceId)).toEqual(['DELETION_REQUESTED']);
    await later(1);
    await later(6 * DAY);
    expect(await told(market.buyer, licenceId)).toEqual(['DELETION_REQUESTED', 'DELETION_REMINDER', 'DELETION_REMINDER']);
    expect(await told(market.vendor, licenceId)).toEqual(['DELETION_REQUESTED']);
    const order = () => market.buyer.mutate<Answer>('placeOrder', 'Agreement', 'id', orderOf(openOffer));
    expect((await order()).code).toBeUndefined();
    await later(DAY);
    for (const [client, before] of [[market.buyer, 3], [market.vendor, 1], [market.admin, 0]] as const) expect((await told(client, licenceId)).slice(before)).toEqual(['DELETION_OVERDUE']);
    const overdue = (client: GraphClient, side = '') => client.ask<{ deletions: { nodes: { id: string }[] } }>(`{ deletions(state: OVERDUE${side}) { nodes { id } } }`).then((r) => r.deletions.nodes.map((n) => n.id));
    expect(await overdue(market.officer)).toContain(id);
    expect([await overdue(market.buyer, ', side: VENDOR'), (await overdue(market.vendor, ', side: VENDOR')).includes(id)]).toEqual([[], true]);
    expect(await order()).toMatchObject({ __typename: 'StateConflict', code: 'contracts.deletion_overdue', current: 'OVERDUE', message: expect.stringContaining(licenceId) });
    expect(offerId).not.toBe(openOffer);
    // What is paid for goes on.
    await download(exchange, market.buyer, running.licenceId, assetId);
    await later(7 * DAY);
    expect((await told(market.admin, licenceId))).toEqual(['DELETION_OVERDUE', 'DELETION_OVERDUE']);
    expect(await overdue(market.buyer)).toEqual([id]);
    expect(await certify(market.buyer, id)).toMatchObject({ state: 'CERTIFIED' });
    expect((await order()).code).toBeUndefined();
    expect(await judge(market.officer, id, true)).toMatchObject({ __typename: 'StateConflict', current: 'CERTIFIED' });
  });

  it('waits for a first byte that leaves at the same time as the licence ends, or no byte leaves', async () => {
    for (let i = 0; i < 5; i++) {
      const { agreementId, licenceId } = await licensed({ deletionWithin: 'P30D' }, false);
      const { url } = await done<{ url: string }>(market.buyer, 'requestDownload', 'DownloadGrant', 'url', { licenceId, assetId });
      const [response] = await Promise.all([fetch(url), end(agreementId)]);
      await response.arrayBuffer().catch(() => undefined);
      expect([response.status, (await of(market.buyer, licenceId)).length]).toEqual(response.status === 200 ? [200, 1] : [403, 0]);
    }
  });
});
