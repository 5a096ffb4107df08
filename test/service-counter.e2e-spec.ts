import { Compliance, covers } from '#compliance';
import { asSystem, UnitOfWork } from '#shared';
import type { GraphClient } from './support/client.js';
import { TestClock } from './support/clock.js';
import { AtCounter, openCase, PDF, putDocument, secondOfficer } from './support/counter.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { csvFile, done, type Draft, draftProduct, hire, type Market, openMarket, sha256, submitted } from './support/market.js';

const CASE = `query($id: ID!) { case(id: $id) { id kind state mechanism subjectId counterpartyId assigneeId closedAt approvalId possibleEvents clock { from dueOn problem overdue days workingDays calendar citation confidence }
  history { event from to side actor reason reference occurredOn } documents { id kind name mediaType byteLength sha256 state checkReason } } }`;
interface SeenCase {
  readonly state: string; readonly approvalId: string | null; readonly possibleEvents: string[]; readonly clock: { readonly from: string; readonly dueOn: string | null; readonly overdue: boolean } | null;
  readonly history: { readonly event: string; readonly to: string; readonly side: string; readonly actor: string | null }[]; readonly documents: { readonly id: string; readonly sha256: string; readonly state: string }[];
}

describe('the service counter', () => {
  const clock = new TestClock(new Date('2026-09-16T02:00:00Z'));
  let exchange: TestExchange;
  let market: Market;
  let second: GraphClient;
  let assessor: GraphClient;
  let buyerId: string;
  beforeAll(async () => {
    exchange = await startExchange({ clock, env: { NOTICE_SECONDS: '600' } });
    market = await openMarket(exchange);
    second = await secondOfficer(exchange, market);
    assessor = await exchange.client('assessor');
    buyerId = (await market.buyer.ask<{ me: { organisation: { id: string } } }>('{ me { organisation { id } } }')).me.organisation.id;
  });
  afterAll(() => exchange.close());

  const see = async (client: GraphClient, id: string): Promise<SeenCase | null> => (await client.ask<{ case: SeenCase | null }>(CASE, { id })).case;
  const told = async (topic: string): Promise<Record<string, unknown>[]> => ((await exchange.owner.query('select payload from shared.outbox where topic = $1 order by seq', [topic])) as { payload: Record<string, unknown> }[]).map((r) => r.payload);

  it('takes a standard contract from its signature to the approval that carries the transfer', async () => {
    const { vendor, officer, vendorId } = market;
    const caseId = await openCase(vendor, { kind: 'STANDARD_CONTRACT_FILING', subjectType: 'organisation', subjectId: vendorId, scope: { recipientId: buyerId, purposes: ['RESEARCH'], destinations: ['SG'], persons: '200000' } });
    const [applicant, first, granter] = [vendor, officer, second].map((c) => new AtCounter(c, caseId)) as [AtCounter, AtCounter, AtCounter];
    await applicant.add('STANDARD_CONTRACT');
    expect(await applicant.move('SIGN')).toBe('SIGNED');
    expect(await applicant.move('TAKE_EFFECT', { occurredOn: '2026-09-15' })).toBe('FILING_DUE');
    // Ten working days from 15 September 2026, over Mid-Autumn, with the Sunday that is worked before National Day.
    expect((await see(vendor, caseId))!.clock).toMatchObject({ from: '2026-09-15', dueOn: '2026-09-29', problem: null, overdue: false, days: 10, workingDays: true, calendar: 'cn', confidence: 'SECONDARY' });
    expect(await vendor.mutate('moveCase', 'Case', 'state', { caseId, event: 'FILE' })).toMatchObject({ __typename: 'StateConflict', code: 'compliance.case_evidence_missing', current: 'FILING_DUE' });
    await applicant.add('PIPIA');
    expect(await applicant.move('FILE')).toBe('FILED');
    expect((await see(market.buyer, caseId))!.possibleEvents).toEqual([]);
    const receipt = await applicant.add('FILING_RECEIPT');
    const register = { caseId, event: 'REGISTER', reference: 'SH-2026-17' };
    expect(await second.mutate('moveCase', 'Case', 'state', register)).toMatchObject({ __typename: 'StateConflict', code: 'compliance.case_evidence_missing' });
    await first.check(receipt);
    expect(await officer.mutate('moveCase', 'Case', 'state', register)).toMatchObject({ __typename: 'StateConflict', code: 'compliance.case_four_eyes' });
    expect(await vendor.mutate('moveCase', 'Case', 'state', register)).toMatchObject({ __typename: 'NotPermitted', code: 'compliance.case_step_of_another' });
    expect(await granter.move('REGISTER', { reference: 'SH-2026-17' })).toBe('REGISTERED');

    const seen = (await see(vendor, caseId))!;
    expect(seen).toMatchObject({ state: 'REGISTERED', clock: null, possibleEvents: [], closedAt: clock.now().toISOString() });
    expect(seen.history.map((h) => [h.event, h.to, h.side, h.actor !== null])).toEqual([
      ['open', 'DRAFT', 'APPLICANT', true], ['sign', 'SIGNED', 'APPLICANT', true], ['take-effect', 'FILING_DUE', 'APPLICANT', true], ['file', 'FILED', 'APPLICANT', true], ['register', 'REGISTERED', 'STAFF', false]]);
    const APPROVAL = 'query($id: ID!) { approval(id: $id) { id type holderId state validFrom validUntil reference documentSha256 caseId scope { purposes destinations persons recipientId } } }';
    for (const client of [vendor, market.buyer, officer]) {
      expect((await client.ask<{ approval: object }>(APPROVAL, { id: seen.approvalId })).approval).toEqual({
        id: seen.approvalId, type: 'standard_contract', holderId: vendorId, state: 'ACTIVE', validFrom: '2026-09-16', validUntil: null, reference: 'SH-2026-17', documentSha256: sha256(PDF), caseId,
        scope: { purposes: ['RESEARCH'], destinations: ['SG'], persons: '200000', recipientId: buyerId },
      });
    }
    for (const client of [assessor, market.reviewer]) expect(await client.ask(APPROVAL, { id: seen.approvalId })).toEqual({ approval: null });
    const held = await asSystem(() => exchange.app.get(UnitOfWork).run((tx) => exchange.app.get(Compliance).approvals.heldBy(tx, vendorId)));
    const use = { recipientId: buyerId, purposes: ['RESEARCH'], destinations: ['SG'], productId: caseId, persons: 200_000n, sensitivePersons: 0n, day: '2026-09-16' };
    expect(held.map((a) => [covers(a, use), covers(a, { ...use, persons: 200_001n })])).toEqual([[true, false]]);
    expect(await told('compliance.approval-changed.v1')).toEqual([{ approvalId: seen.approvalId, holderId: vendorId, recipientId: buyerId, type: 'standard_contract', state: 'ACTIVE' }]);

    expect(await officer.mutate('revokeApproval', 'Approval', 'state endReason', { approvalId: seen.approvalId, reason: 'the contract was changed' })).toMatchObject({ state: 'REVOKED', endReason: 'the contract was changed' });
    expect(await officer.mutate('revokeApproval', 'Approval', 'state', { approvalId: seen.approvalId, reason: 'again' })).toMatchObject({ __typename: 'StateConflict', current: 'REVOKED' });
    expect((await told('compliance.approval-changed.v1')).at(-1)).toMatchObject({ state: 'REVOKED' });
  });

  async function tested(): Promise<Draft> {
    const file = csvFile(700);
    const draft = await draftProduct(market, [file]);
    await submitted(exchange, market, draft, [file]);
    return draft;
  }
  const stateOf = async (productId: string): Promise<string> => ((await exchange.owner.query('select state from catalog.product where id = $1', [productId])) as { state: string }[])[0]!.state;

  it('takes the order of an opinion to the assessor, and what he delivers to the gate of the listing', async () => {
    const { vendor, assessorId } = market;
    const { productId } = await tested();
    const order = { kind: 'OPINION_ORDER', subjectType: 'product', subjectId: productId, assessorId };
    expect(await market.buyer.mutate('openCase', 'Case', 'id', order)).toMatchObject({ __typename: 'NotFound' });
    expect(await vendor.mutate('openCase', 'Case', 'id', { ...order, assessorId: buyerId })).toMatchObject({ __typename: 'InvalidInput', code: 'compliance.assessor_not_accredited' });
    const caseId = await openCase(vendor, order);
    expect((await see(vendor, caseId))!.possibleEvents).toEqual(['WITHDRAW']);
    expect((await see(assessor, caseId))!.possibleEvents).toEqual(['ACCEPT', 'DECLINE']);
    expect(await vendor.mutate('moveCase', 'Case', 'state', { caseId, event: 'ACCEPT' })).toMatchObject({ __typename: 'NotPermitted' });
    const desk = new AtCounter(assessor, caseId);
    expect(await desk.move('ACCEPT')).toBe('ACCEPTED');
    await desk.add('OPINION');
    const deliver = { caseId, event: 'DELIVER', opinion: { favourable: true, scope: 'all datasets' } };
    expect(await assessor.mutate('moveCase', 'Case', 'state', { ...deliver, validUntil: '2028-01-01' })).toMatchObject({ __typename: 'InvalidInput', code: 'compliance.approval_validity' });
    expect(await desk.move('DELIVER', { ...deliver, validUntil: '2027-06-30' })).toBe('DELIVERED');
    expect(await stateOf(productId)).toBe('TESTED');
    await exchange.drain();
    expect(await stateOf(productId)).toBe('OPINED');
    const papers = await vendor.ask<{ product: { listing: { records: { step: string; passed: boolean; details: string }[] } } }>('query($id: ID!) { product(id: $id) { listing { records { step passed details } } } }', { id: productId });
    expect(papers.product.listing.records.find((r) => r.step === 'OPINION')).toMatchObject({ passed: true, details: expect.stringContaining(sha256(PDF)) as string });
    await done(market.reviewer, 'reviewProduct', 'Product', 'id', { productId, approve: true, reason: 'complete' });
    clock.advance(601);
    await done(market.reviewer, 'certifyProduct', 'Product', 'id', { productId });
    expect(await done(vendor, 'listProduct', 'Product', 'state', { productId, reason: 'ready' })).toMatchObject({ state: 'LISTED' });
  });

  it('sends a product back on an unfavourable opinion, and notes one that comes too late', async () => {
    const { vendor, assessorId, officer } = market;
    const opine = async (productId: string, favourable: boolean): Promise<string> => {
      const caseId = await openCase(vendor, { kind: 'OPINION_ORDER', subjectType: 'product', subjectId: productId, assessorId });
      const desk = new AtCounter(assessor, caseId);
      await desk.move('ACCEPT');
      await desk.add('OPINION');
      await desk.move('DELIVER', { opinion: { favourable, scope: 'all' }, validUntil: '2027-06-30' });
      return caseId;
    };
    const [bad, late] = [await tested(), await tested()];
    await opine(bad.productId, false);
    await exchange.drain();
    expect(await stateOf(bad.productId)).toBe('DRAFT');
    expect(await vendor.mutate('openCase', 'Case', 'id', { kind: 'OPINION_ORDER', subjectType: 'product', subjectId: bad.productId, assessorId })).toMatchObject({ __typename: 'StateConflict', code: 'catalog.product_not_submitted' });
    await done(vendor, 'withdrawProduct', 'Product', 'id', { productId: late.productId, reason: 'sold' }).then(() => undefined);
    expect(await vendor.mutate('openCase', 'Case', 'id', { kind: 'OPINION_ORDER', subjectType: 'product', subjectId: late.productId, assessorId })).toMatchObject({ __typename: 'NotFound' });
    const third = await tested();
    const caseId = await opine(third.productId, true);
    await done(officer, 'recordOpinion', 'Product', 'id', { productId: third.productId, assessorId, favourable: true, scope: 'on paper', documentSha256: 'a'.repeat(64), validUntil: new Date(clock.now().getTime() + 86_400_000).toISOString() });
    await exchange.drain();
    expect(await stateOf(third.productId)).toBe('OPINED');
    expect(await exchange.owner.query(`select details ->> 'caseId' as "caseId" from audit.entry where act = 'product.opinion-unused'`)).toEqual([{ caseId }]);
  });

  it('hears who objects to a product on notice, and tells what staff decided', async () => {
    const { buyer, vendor, officer, reviewer } = market;
    const draft = await tested();
    const objection = { kind: 'OBJECTION', subjectType: 'product', subjectId: draft.productId };
    expect(await buyer.mutate('openCase', 'Case', 'id', objection)).toMatchObject({ __typename: 'NotFound' });
    await done(officer, 'recordOpinion', 'Product', 'id', { productId: draft.productId, assessorId: market.assessorId, favourable: true, scope: 'all', documentSha256: 'a'.repeat(64), validUntil: new Date(clock.now().getTime() + 86_400_000).toISOString() });
    await done(reviewer, 'reviewProduct', 'Product', 'id', { productId: draft.productId, approve: true, reason: 'complete' });
    expect(await vendor.mutate('openCase', 'Case', 'id', objection)).toMatchObject({ __typename: 'NotFound' });
    const caseId = await openCase(buyer, objection);
    expect(await openCase(await hire(exchange, buyer, 'second-buyer', 'BUYER'), objection)).toBe(caseId);
    expect(await see(vendor, caseId)).toBeNull();
    clock.advance(601);
    expect(await reviewer.mutate('certifyProduct', 'Product', 'id', { productId: draft.productId })).toMatchObject({ __typename: 'StateConflict', code: 'catalog.objections_open' });
    const desk = new AtCounter(officer, caseId);
    await desk.move('TAKE_UP');
    expect(await officer.mutate('moveCase', 'Case', 'state', { caseId, event: 'UPHOLD' })).toMatchObject({ __typename: 'InvalidInput', fields: [{ path: 'reason' }] });
    expect(await desk.move('UPHOLD', { reason: 'it is the data of the objector' })).toBe('UPHELD');
    expect(await told('compliance.objection-decided.v1')).toEqual([{ caseId, applicantId: buyerId, subjectType: 'product', subjectId: draft.productId, upheld: true, reason: 'it is the data of the objector' }]);
    await exchange.drain();
    expect(await stateOf(draft.productId)).toBe('DRAFT');
  });

  it('tells everybody how cases go', async () => {
    const { caseKinds } = await (await exchange.client('newcomer')).ask<{ caseKinds: { kind: string; initial: string; transitions: { event: string; grants: boolean }[]; clocks: object[] }[] }>(
      '{ caseKinds { kind title mechanisms subjects assessor initial transitions { from event to by evidence accepted needs grants } clocks { state days workingDays citation confidence } } }');
    const contract = caseKinds.find((k) => k.kind === 'STANDARD_CONTRACT_FILING')!;
    expect([contract.initial, contract.transitions.filter((t) => t.grants).map((t) => t.event), contract.clocks.length]).toEqual(['DRAFT', ['REGISTER', 'RECORD_HELD'], 3]);
  });

  it('gives documents to the parties and to staff alone, to be kept and not to be shown', async () => {
    const caseId = await openCase(market.vendor, { kind: 'TRANSFER_MECHANISM', mechanism: 'eu_scc', subjectType: 'organisation', subjectId: market.vendorId, counterpartyId: buyerId });
    const name = '标准合同 clause.pdf';
    const response = await putDocument(market.vendor, caseId, name, 'MECHANISM_EVIDENCE');
    const { id } = (await response.json()) as { id: string };
    const get = (client: GraphClient, c = caseId): Promise<Response> => fetch(`${exchange.url}/v1/cases/${c}/documents/${id}`, { headers: client.headers() });
    for (const client of [market.vendor, market.buyer, market.officer]) {
      const answer = await get(client);
      expect([answer.status, answer.headers.get('content-type'), answer.headers.get('x-content-type-options'), answer.headers.get('cache-control')]).toEqual([200, 'application/pdf', 'nosniff', 'private, no-store']);
      expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="_{4} clause\.pdf"; filename\*=UTF-8''%E6/);
      expect(Buffer.from(await answer.arrayBuffer())).toEqual(PDF);
    }
    expect([(await get(assessor)).status, (await get(market.reviewer)).status, (await get(await exchange.client('newcomer'))).status, (await fetch(`${exchange.url}/v1/cases/${caseId}/documents/${id}`)).status]).toEqual([404, 403, 403, 401]);
    expect((await get(market.vendor, id)).status).toBe(404);
    expect((await putDocument(market.buyer, caseId, 'mine.pdf', 'OTHER')).status).toBe(404);
  });
});
