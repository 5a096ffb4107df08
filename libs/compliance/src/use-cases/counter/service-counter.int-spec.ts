import { readFile } from 'node:fs/promises';
import { Compliance, type CounterCase } from '#compliance';
import { isRefused, newId, type Result, systemCaller, trustCallsOutsideRequests, UnitOfWork } from '#shared';
import type { GraphClient } from '../../../../../test/support/client.js';
import { TestClock } from '../../../../../test/support/clock.js';
import { AtCounter, openCase, putDocument, secondOfficer } from '../../../../../test/support/counter.js';
import { startExchange, type TestExchange } from '../../../../../test/support/exchange.js';
import { changeLaw, handIn } from '../../../../../test/support/law.js';
import { done, type Market, openMarket } from '../../../../../test/support/market.js';
import { trade } from '../../../../../test/support/transfers.js';

trustCallsOutsideRequests();

const DAY = 86_400;

describe('cases at the counter', () => {
  const clock = new TestClock(new Date('2026-09-16T02:00:00Z'));
  let exchange: TestExchange;
  let market: Market;
  let second: GraphClient;
  beforeAll(async () => {
    exchange = await startExchange({ clock });
    market = await openMarket(exchange);
    second = await secondOfficer(exchange, market);
  });
  afterAll(() => exchange.close());

  const rows = <T extends object>(text: string, values: unknown[] = []): Promise<T[]> => exchange.owner.query(text, values) as Promise<T[]>;
  const open = (over: object = {}): Promise<Result<CounterCase>> => exchange.app.get(UnitOfWork).run((tx) =>
    exchange.app.get(Compliance).counter.open(tx, systemCaller('test'), { kind: 'TRANSFER_REVIEW', applicantId: market.vendorId, subjectType: 'order', subjectId: newId(), ...over }));
  const opened = async (over: object = {}): Promise<CounterCase> => {
    const result = await open(over);
    if (isRefused(result)) throw new Error(result.message);
    return result;
  };
  const count = async (table: string, caseId: string): Promise<number> => (await rows<{ n: number }>(`select count(*)::int as n from ${table} where case_id = $1`, [caseId]))[0]!.n;
  const told = async (topic: string, id: string): Promise<Record<string, unknown>[]> => (await rows<{ payload: Record<string, unknown> }>('select payload from shared.outbox where topic = $1 and aggregate_id = $2 order by seq', [topic, id])).map((r) => r.payload);
  /** Tokens live half a day. */
  const later = async (days: number): Promise<void> => {
    clock.advance(days * DAY);
    const [officer, vendor, buyer, next] = (await Promise.all(['officer', 'vendor', 'buyer', 'second-officer'].map((s) => exchange.client(s)))) as [GraphClient, GraphClient, GraphClient, GraphClient];
    market = { ...market, officer, vendor, buyer };
    second = next;
  };

  it('are opened once for one matter, at once and again; when closed, anew', async () => {
    const subjectId = newId();
    const many = await Promise.all(Array.from({ length: 6 }, () => opened({ subjectId })));
    const [{ id }] = many as [CounterCase];
    expect(new Set(many.map((c) => c.id))).toEqual(new Set([id]));
    expect([await count('compliance.case_event', id), (await told('compliance.case-moved.v1', id)).length]).toEqual([1, 1]);
    expect((await opened({ subjectId, mechanism: 'human_sign_off' })).id).not.toBe(id);
    const found = await exchange.app.get(UnitOfWork).run((tx) => exchange.app.get(Compliance).counter.openFor(tx, 'order', subjectId));
    expect(found.map((c) => c.mechanism).sort()).toEqual(['human_sign_off', 'transfer_review']);
    await new AtCounter(market.vendor, id).move('WITHDRAW');
    expect((await opened({ subjectId })).id).not.toBe(id);
  });

  it.each<[string, object, string]>([
    ['a mechanism of another kind', { mechanism: 'security_assessment' }, 'compliance.case_mechanism'], ['an applicant that is not there', { applicantId: newId() }, 'compliance.case_party'],
    ['an assessor where none belongs', { assessorId: newId() }, 'compliance.assessor_not_accredited'], ['an order without an assessor', { kind: 'ASSESSMENT_ORDER', mechanism: 'eu_tia' }, 'compliance.assessor_not_accredited'],
    ['an opinion on something that is no product', { kind: 'OPINION_ORDER' }, 'compliance.case_subject'], ['a recipient that is not there', { scope: { recipientId: newId() } }, 'compliance.case_party'],
    ['a country that is none', { scope: { destinations: ['XX'] } }, 'compliance.case_scope'], ['a list of nothing', { scope: { purposes: [] } }, 'compliance.case_scope'], ['fewer than no persons', { scope: { persons: -1n } }, 'compliance.case_scope'],
    ['a purpose twice', { scope: { purposes: ['RESEARCH', 'RESEARCH'] } }, 'compliance.case_scope'],
  ])('are not opened with %s', async (_, over, code) => expect(await open(over)).toMatchObject({ refused: true, code }));

  it('belong to a trader, about what is his; idempotently', async () => {
    const { vendor, buyer, vendorId, officer } = market;
    const input = { kind: 'TRANSFER_MECHANISM', mechanism: 'consent', subjectType: 'organisation', subjectId: vendorId };
    const headers = { 'idempotency-key': 'open-consent' };
    const first = await vendor.mutate('openCase', 'Case', 'id', input, headers);
    expect(await vendor.mutate('openCase', 'Case', 'id', input, headers)).toEqual(first);
    expect(await vendor.mutate('openCase', 'Case', 'id', { ...input, mechanism: 'eu_scc' }, headers)).toMatchObject({ __typename: 'IdempotencyConflict' });
    expect(await buyer.mutate('openCase', 'Case', 'id', input)).toMatchObject({ __typename: 'NotFound' });
    expect(await officer.mutate('openCase', 'Case', 'id', input)).toMatchObject({ __typename: 'NotPermitted' });
    const decisionOf = (exporterId: string): Promise<{ id: string }> => exchange.app.get(UnitOfWork).run((tx) => exchange.app.get(Compliance).decide(tx, systemCaller('test'), { objectId: newId(), stage: 'ORDER', facts: trade([{}], { exporterId }) }));
    const objection = async (exporterId: string) => vendor.mutate('openCase', 'Case', 'id', { kind: 'OBJECTION', subjectType: 'decision', subjectId: (await decisionOf(exporterId)).id });
    expect([await objection(vendorId), await objection(newId())]).toMatchObject([{ __typename: 'Case' }, { __typename: 'NotFound' }]);
    expect(await vendor.mutate('openCase', 'Case', 'id', { ...input, subjectType: 'nonsense' })).toMatchObject({ __typename: 'InvalidInput', code: 'compliance.case_subject' });
    expect(await vendor.mutate('openCase', 'Case', 'id', { ...input, subjectType: 'order' })).toMatchObject({ __typename: 'NotFound' });
    expect(await vendor.mutate('openCase', 'Case', 'id', { ...input, subjectType: 'decision', kind: 'OBJECTION', mechanism: null, subjectId: newId() })).toMatchObject({ __typename: 'NotFound' });
  });

  it('are ended by staff where they lead nowhere, and are so many and no more for one trader', async () => {
    const { id } = await opened();
    expect(await market.officer.mutate('moveCase', 'Case', 'state', { caseId: id, event: 'CANCEL' })).toMatchObject({ __typename: 'InvalidInput', fields: [{ path: 'reason' }] });
    expect(await market.vendor.mutate('moveCase', 'Case', 'state', { caseId: id, event: 'CANCEL', reason: 'mine' })).toMatchObject({ __typename: 'NotPermitted' });
    expect(await new AtCounter(market.officer, id).move('CANCEL', { reason: 'the order is gone' })).toBe('CANCELLED');
    const [{ buyer }] = (await rows<{ buyer: string }>(`select id as buyer from identity.organisation where legal_name = 'Straits Analytics'`)) as [{ buyer: string }];
    await rows(`insert into compliance.counter_case (id, kind, state, applicant_id, subject_type, subject_id, mechanism, calendar, opened_at)
      select gen_random_uuid(), 'TRANSFER_MECHANISM', 'DRAFT', $1::uuid, 'organisation', $1::text, 'word_' || n, 'cn', $2 from generate_series(1, 200) n`, [buyer, clock.now()]);
    const input = { kind: 'TRANSFER_MECHANISM', mechanism: 'one_more', subjectType: 'organisation', subjectId: buyer };
    expect(await market.buyer.mutate('openCase', 'Case', 'id', input)).toMatchObject({ __typename: 'StateConflict', code: 'compliance.too_many_cases' });
    await rows('update compliance.counter_case set state = \'CANCELLED\', closed_at = $2 where applicant_id = $1', [buyer, clock.now()]);
    expect(await market.buyer.mutate('openCase', 'Case', 'id', input)).toMatchObject({ __typename: 'Case' });
  });

  it('are moved by whose turn it is, along the table alone, and nothing is written otherwise', async () => {
    const { id } = await opened();
    const move = (client: GraphClient, event: string, over: object = {}) => client.mutate('moveCase', 'Case', 'state', { caseId: id, event, ...over });
    const before = [await count('compliance.case_event', id), await rows('select * from compliance.counter_case where id = $1', [id])];
    expect(await move(market.officer, 'GRANT')).toMatchObject({ __typename: 'StateConflict', code: 'compliance.case_event_not_possible', current: 'OPEN' });
    expect(await move(market.vendor, 'TAKE_UP')).toMatchObject({ __typename: 'NotPermitted', code: 'compliance.case_step_of_another' });
    expect(await move(market.buyer, 'WITHDRAW')).toMatchObject({ __typename: 'NotFound' });
    expect(await move(market.reviewer, 'TAKE_UP')).toMatchObject({ __typename: 'NotPermitted' });
    expect(await move(market.officer, 'TAKE_UP', { occurredOn: '2026-09-17' })).toMatchObject({ __typename: 'InvalidInput', code: 'compliance.case_day_out_of_range' });
    expect(await move(market.officer, 'TAKE_UP', { occurredOn: '2026-02-30' })).toMatchObject({ __typename: 'InvalidInput', fields: [{ path: 'occurredOn' }] });
    expect([await count('compliance.case_event', id), await rows('select * from compliance.counter_case where id = $1', [id])]).toEqual(before);
    const answers = await Promise.all([move(market.officer, 'TAKE_UP'), move(second, 'TAKE_UP')]);
    expect(answers.map((a) => a.__typename).sort()).toEqual(['Case', 'StateConflict']);
    expect(await count('compliance.case_event', id)).toBe(2);
  });

  it('grant nothing to one pair of eyes, for no longer than the rule, and not on what was rejected', async () => {
    const { id } = await opened();
    const [first, granter] = [new AtCounter(market.officer, id), new AtCounter(second, id)];
    await first.move('TAKE_UP');
    await first.move('RECOMMEND', { reason: 'harmless' });
    const grant = { caseId: id, event: 'GRANT', reason: 'agreed', reference: 'TR-1', validUntil: '2027-09-16' };
    expect(await market.officer.mutate('moveCase', 'Case', 'state', grant)).toMatchObject({ __typename: 'StateConflict', code: 'compliance.case_four_eyes' });
    for (const validUntil of ['2027-09-17', '2026-09-15']) expect(await second.mutate('moveCase', 'Case', 'state', { ...grant, validUntil })).toMatchObject({ __typename: 'InvalidInput', code: 'compliance.approval_validity' });
    expect(await second.mutate('moveCase', 'Case', 'state', { ...grant, validUntil: null })).toMatchObject({ __typename: 'InvalidInput', code: 'compliance.case_detail_missing' });
    expect(await rows('select 1 from compliance.approval where case_id = $1', [id])).toEqual([]);
    expect(await granter.move('GRANT', { ...grant, scope: { destinations: ['SG'] } })).toBe('GRANTED');
    expect(await rows('select type, state, destinations, document_sha256 from compliance.approval where case_id = $1', [id])).toEqual([{ type: 'transfer_review', state: 'ACTIVE', destinations: ['SG'], document_sha256: null }]);

    const caseId = await openCase(market.vendor, { kind: 'SECURITY_ASSESSMENT', subjectType: 'organisation', subjectId: market.vendorId });
    const [vendor, checker, other] = [market.vendor, market.officer, second].map((c) => new AtCounter(c, caseId)) as [AtCounter, AtCounter, AtCounter];
    const poor = await vendor.add('RESULT', 'result-1.pdf');
    await vendor.move('PRESENT_HELD');
    await checker.check(poor, false);
    const record = { caseId, event: 'RECORD_HELD', reference: 'CAC-7', validFrom: '2025-01-10', validUntil: '2028-01-09' };
    expect(await second.mutate('moveCase', 'Case', 'state', record)).toMatchObject({ __typename: 'StateConflict', code: 'compliance.case_evidence_missing' });
    expect(await market.officer.mutate('checkCaseDocument', 'CaseDocument', 'id', { documentId: poor, accept: true, reason: 'after all' })).toMatchObject({ __typename: 'StateConflict', code: 'compliance.document_checked' });
    await checker.check(await vendor.add('RESULT', 'result-2.pdf'));
    expect(await second.mutate('moveCase', 'Case', 'state', { ...record, validUntil: null })).toMatchObject({ code: 'compliance.approval_validity' });
    expect(await second.mutate('moveCase', 'Case', 'state', { ...record, validUntil: '2028-01-11' })).toMatchObject({ code: 'compliance.approval_validity' });
    expect(await other.move('RECORD_HELD', record)).toBe('PASSED');
    expect(await market.vendor.mutate('moveCase', 'Case', 'state', { caseId, event: 'WITHDRAW' })).toMatchObject({ __typename: 'StateConflict', current: 'PASSED' });
  });

  it('take an assessment that was ordered to an approval, once staff has seen it', async () => {
    const assessor = await exchange.client('assessor');
    const order = { kind: 'ASSESSMENT_ORDER', mechanism: 'eu_tia', subjectType: 'organisation', subjectId: market.vendorId, assessorId: market.assessorId };
    const declined = await openCase(market.vendor, order);
    await new AtCounter(assessor, declined).move('DECLINE', { reason: 'no capacity' });
    const caseId = await openCase(market.vendor, order);
    expect(caseId).not.toBe(declined);
    const desk = new AtCounter(assessor, caseId);
    await desk.move('ACCEPT');
    const report = await desk.add('ASSESSMENT_REPORT');
    expect((await putDocument(market.buyer, caseId, 'a.pdf', 'OTHER')).status).toBe(404);
    expect(await desk.move('DELIVER')).toBe('DELIVERED');
    await new AtCounter(market.officer, caseId).check(report);
    expect(await assessor.mutate('moveCase', 'Case', 'state', { caseId, event: 'GRANT', reference: 'HA-1' })).toMatchObject({ __typename: 'NotPermitted' });
    expect(await new AtCounter(second, caseId).move('GRANT', { reference: 'HA-1', validUntil: '2027-12-31' })).toBe('GRANTED');
    expect(await rows('select type, holder_id, valid_until::text as until from compliance.approval where case_id = $1', [caseId])).toEqual([{ type: 'eu_tia', holder_id: market.vendorId, until: '2027-12-31' }]);
  });

  it('count by the calendar of the applicant where the authority is his own', async () => {
    const [here, there] = [await opened({ kind: 'GBA_CONTRACT_FILING', counterpartyId: market.assessorId }), await opened({ kind: 'GBA_CONTRACT_FILING', applicantId: market.assessorId, counterpartyId: market.vendorId })];
    expect([here.calendar, there.calendar]).toEqual(['cn', 'hk']);
  });

  it('ask for no more than what they are about, and a contract for the one whom it binds', async () => {
    const { id: productId } = await done(market.vendor, 'createProduct', 'Product', 'id', { title: 'Cases', description: 'What cases are about', themes: ['SOCI'], exporterIsCIIO: false, exporterHasPRCEntity: true });
    const ask = (over: object) => market.vendor.mutate<{ id: string; fields: object[] }>('openCase', 'Case', 'id', { subjectType: 'organisation', subjectId: market.vendorId, ...over });
    const scopeOf = async (over: object): Promise<object> => {
      const { id } = await ask(over);
      const { purposes, destinations, product_ids: productIds, recipient_id: recipientId } = (await rows<Record<string, unknown>>('select purposes, destinations, product_ids, recipient_id from compliance.counter_case where id = $1', [id]))[0]!;
      return { purposes, destinations, productIds, recipientId };
    };
    const none = { purposes: null, destinations: null, productIds: null, recipientId: null };
    for (const kind of ['STANDARD_CONTRACT_FILING', 'GBA_CONTRACT_FILING']) expect(await ask({ kind })).toMatchObject({ __typename: 'InvalidInput', code: 'compliance.case_scope', fields: [{ path: 'scope.recipientId' }] });
    expect(await scopeOf({ kind: 'STANDARD_CONTRACT_FILING', subjectType: 'product', subjectId: productId, counterpartyId: market.assessorId })).toEqual({ ...none, productIds: [productId], recipientId: market.assessorId });
    expect(await scopeOf({ kind: 'TRANSFER_MECHANISM', mechanism: 'narrow', subjectType: 'product', subjectId: productId, scope: { destinations: ['SG'] } })).toEqual({ ...none, productIds: [productId], destinations: ['SG'] });
  });

  it('keep documents as they came, each under one name, and only what is what it says', async () => {
    const caseId = await openCase(market.vendor, { kind: 'CERTIFICATION', subjectType: 'organisation', subjectId: market.vendorId });
    const put = async (name: string, content?: Buffer, headers?: Record<string, string>, kind = 'PIPIA'): Promise<[number, string | undefined]> => {
      const response = await putDocument(market.vendor, caseId, name, kind, content, headers);
      return [response.status, ((await response.json()) as { code?: string }).code];
    };
    expect(await put('a.pdf')).toEqual([201, undefined]);
    expect(await put('a.pdf')).toEqual([200, undefined]);
    expect(await put('a.pdf', Buffer.from('%PDF-other'))).toEqual([409, 'compliance.document_name_taken']);
    expect(await put('t.json', Buffer.from('{}'))).toEqual([201, undefined]);
    const wrong = [422, 'compliance.document_not_acceptable'];
    for (const name of ['a', 'a.exe', 'a.html', 'a/b.pdf', '..pdf', 'a\u202efdp.pdf', 'a:b.pdf']) expect([name, await put(name)]).toEqual([name, wrong]);
    expect((await put(`${'x'.repeat(97)}.pdf`))[0]).toBe(414);
    expect(await put('b.pdf', Buffer.from('MZ'))).toEqual(wrong);
    expect(await put('b.csv', Buffer.from([0xff, 0xfe, 0x00]))).toEqual(wrong);
    expect(await put('b.pdf', undefined, {}, 'NONSENSE')).toEqual(wrong);
    expect(await put('b.pdf', Buffer.alloc(0))).toEqual(wrong);
    expect(await put('b.pdf', undefined, { 'content-digest': `sha-256=:${Buffer.alloc(32).toString('base64')}:` })).toEqual([422, 'compliance.document_differs']);
    expect(await put('b.pdf', undefined, { 'content-digest': 'sha-256=oops' })).toEqual([400, 'compliance.digest_field']);
    expect(await put('b.json', Buffer.from('{}'), { 'content-type': 'application/json' })).toEqual([415, expect.any(String)]);
    const whole = Buffer.concat([Buffer.from('%PDF-'), Buffer.alloc(10 * 1024 ** 2 - 5)]);
    expect(await put('whole.pdf', whole)).toEqual([201, undefined]);
    expect(await put('longer.pdf', Buffer.concat([whole, Buffer.from('x')]))).toEqual(wrong);
    expect(await count('compliance.case_document', caseId)).toBe(3);
    const many = await Promise.all(Array.from({ length: 60 }, (_, i) => put(`${i}.pdf`)));
    expect([many.filter(([s]) => s === 201).length, many.filter(([, c]) => c === 'compliance.case_documents_full').length]).toEqual([57, 3]);
    await new AtCounter(market.vendor, caseId).move('WITHDRAW');
    expect(await put('late.pdf')).toEqual([409, 'compliance.case_closed']);
    for (const change of [`name = 'x'`, `content = '\\x00'`, `sha256 = repeat('a', 64)`]) await expect(rows(`update compliance.case_document set ${change} where case_id = $1`, [caseId])).rejects.toThrow('never changed');
  });

  it('are not changed by hand', async () => {
    const { id } = await opened();
    await expect(rows(`update compliance.counter_case set applicant_id = gen_random_uuid() where id = $1`, [id])).rejects.toThrow('never changed');
    await expect(rows('delete from compliance.counter_case where id = $1', [id])).rejects.toThrow('never changed');
    await expect(rows('update compliance.case_event set reason = null')).rejects.toThrow('never changed');
    await expect(rows(`update compliance.approval set valid_until = '2030-01-01'`)).rejects.toThrow('never changed');
    await expect(rows('delete from compliance.approval')).rejects.toThrow('never changed');
    await new AtCounter(market.vendor, id).move('WITHDRAW');
    await expect(rows(`update compliance.counter_case set state = 'OPEN', closed_at = null, working_days = null where id = $1`, [id])).rejects.toThrow('stays closed');
  });

  it('have somebody of the staff who looks after them, and show in the queue what presses', async () => {
    const { members } = await market.admin.ask<{ members: { nodes: { id: string; subject: string }[] } }>('{ members(first: 50) { nodes { id subject } } }');
    const memberOf = (subject: string): string => members.nodes.find((m) => m.subject === subject)!.id;
    const { id } = await opened();
    const assign = (memberId: string | null) => market.officer.mutate<{ assigneeId: string }>('assignCase', 'Case', 'assigneeId', { caseId: id, memberId });
    expect(await assign(memberOf('second-officer'))).toMatchObject({ assigneeId: memberOf('second-officer') });
    for (const wrong of [memberOf('reviewer'), newId()]) expect(await assign(wrong)).toMatchObject({ __typename: 'InvalidInput', code: 'compliance.case_assignee' });
    const QUEUE = 'query($kind: CaseKind, $state: String, $assigneeId: ID, $overdue: Boolean, $unassigned: Boolean, $first: Int, $after: String) { caseQueue(kind: $kind, state: $state, assigneeId: $assigneeId, overdue: $overdue, unassigned: $unassigned, first: $first, after: $after) { nodes { id clock { dueOn } } pageInfo { hasNextPage endCursor } } }';
    type Queue = { caseQueue: { nodes: { id: string; clock: { dueOn: string } | null }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } | null };
    const queue = async (variables: object) => (await market.officer.ask<Queue>(QUEUE, variables)).caseQueue!;
    expect((await queue({ assigneeId: memberOf('second-officer') })).nodes).toMatchObject([{ id, clock: { dueOn: '2026-09-30' } }]);
    expect((await queue({ kind: 'NEGATIVE_LIST_REPORT' })).nodes).toEqual([]);
    expect((await queue({ overdue: true })).nodes).toEqual([]);
    const all = (await queue({ first: 100 })).nodes.map((c) => c.clock?.dueOn ?? '9999');
    expect(all).toEqual([...all].sort());
    const walked: string[] = [];
    for (let after: string | null = null; ;) {
      const page: Awaited<ReturnType<typeof queue>> = await queue({ first: 2, after });
      walked.push(...page.nodes.map((c) => c.clock?.dueOn ?? '9999'));
      if (!page.pageInfo.hasNextPage) break;
      after = page.pageInfo.endCursor;
    }
    expect(walked).toEqual(all);
    for (const client of [market.vendor, market.reviewer]) expect(await client.ask<Queue>(QUEUE)).toEqual({ caseQueue: null });
    await assign(null);
    expect((await queue({ assigneeId: memberOf('second-officer') })).nodes).toEqual([]);
  });

  it('are reminded of five and one working days before the end, and when it is over: each once', async () => {
    const { id } = await opened();
    const levels = async (): Promise<unknown[]> => (await told('compliance.case-reminder.v1', id)).map((r) => r['level']);
    const steps: [number, unknown[]][] = [[0, []], [5, []], [1, ['SOON']], [6, ['SOON']], [1, ['SOON', 'NEXT_DAY']], [1, ['SOON', 'NEXT_DAY']], [1, ['SOON', 'NEXT_DAY', 'OVERDUE']], [9, ['SOON', 'NEXT_DAY', 'OVERDUE']]];
    // Due on 30 September; five working days before is 22 September, one is 29 September.
    for (const [days, expected] of steps) {
      await later(days);
      await Promise.all([exchange.drain(), exchange.drain()]);
      expect([clock.now().toISOString().slice(0, 10), await levels()]).toEqual([clock.now().toISOString().slice(0, 10), expected]);
    }
    expect(await rows(`select count(*)::int as n from audit.entry where object_id = $1 and act = 'case.remind'`, [id])).toEqual([{ n: 3 }]);
    const { caseQueue } = await market.officer.ask<{ caseQueue: { nodes: { id: string; clock: { overdue: boolean } }[] } }>('{ caseQueue(overdue: true, first: 100) { nodes { id clock { overdue } } } }');
    expect(caseQueue.nodes.find((c) => c.id === id)).toMatchObject({ clock: { overdue: true } });
  });

  it('whose calendar is missing have no end until it is there', async () => {
    clock.advance(Math.round((new Date('2026-12-28T02:00:00Z').getTime() - clock.now().getTime()) / 1000));
    await later(0);
    const { id, dueOn, dueProblem } = await opened();
    expect([dueOn, dueProblem]).toEqual([null, 'CALENDAR_MISSING']);
    await exchange.drain();
    const missing = async (): Promise<string[]> => (await market.officer.ask<{ caseQueue: { nodes: { id: string }[] } }>('{ caseQueue(calendarMissing: true, first: 100) { nodes { id } } }')).caseQueue.nodes.map((c) => c.id);
    expect(await missing()).toEqual([id]);
    const cn = JSON.parse(await readFile('libs/compliance/law/calendars/cn-2026-11-22.json', 'utf8')) as { years: object[] };
    await changeLaw([market.officer, second], await handIn(market.officer, { ...cn, version: '2027', years: [...cn.years, { year: 2027, source: 'made for the test', confidence: 'general-knowledge', holidays: [{ date: '2027-01-01', name: '元旦', inLieu: false }], workingDays: [] }] }), 'ACTIVATE');
    await exchange.drain();
    expect(await missing()).toEqual([]);
    expect(await rows('select due_on::text as due, soon_on::text as soon, due_problem from compliance.counter_case where id = $1', [id])).toEqual([{ due: '2027-01-12', soon: '2027-01-05', due_problem: null }]);
    expect(await rows(`select count(*)::int as n from audit.entry where object_id = $1 and act = 'case.set-due-day'`, [id])).toEqual([{ n: 1 }]);
  });

  it('are counted for staff: what is open, how long it took, and whether it was in time', async () => {
    const from = clock.now();
    for (const [days, event] of [[1, 'REFUSE'], [3, 'REFUSE'], [15, 'REFUSE']] as const) {
      const { id } = await opened();
      await later(days);
      const desk = new AtCounter(market.officer, id);
      await desk.move('TAKE_UP');
      await desk.move(event, { reason: 'no' });
    }
    const STATISTICS = 'query($from: DateTime!, $until: DateTime!) { counterStatistics(from: $from, until: $until) { kind open overdue closed medianWorkingDays ninetiethPercentileWorkingDays timed inTime percentInTime } }';
    const variables = { from: from.toISOString(), until: new Date(clock.now().getTime() + 1).toISOString() };
    const { counterStatistics } = await market.officer.ask<{ counterStatistics: Record<string, unknown>[] }>(STATISTICS, variables);
    expect(counterStatistics.find((s) => s['kind'] === 'TRANSFER_REVIEW')).toMatchObject({ closed: 3, medianWorkingDays: 2, ninetiethPercentileWorkingDays: 10, timed: 3, inTime: 2, percentInTime: 66 });
    expect(await market.vendor.ask(STATISTICS, variables)).toEqual({ counterStatistics: null });
  });

  it('lead to approvals that are renewed in time and end on their day', async () => {
    await later(0);
    const [held] = await rows<{ id: string; valid_until: string }>(`select id, valid_until::text from compliance.approval where type = 'security_assessment'`);
    const states = async (): Promise<unknown> => (await told('compliance.approval-changed.v1', held!.id)).map((c) => c['state']);
    await exchange.drain();
    expect(await told('compliance.approval-renewal-due.v1', held!.id)).toEqual([]);
    // The year 2028 is not there, so the longest time that sixty working days can take is taken.
    clock.advance(Math.round((new Date('2027-09-11T02:00:00Z').getTime() - clock.now().getTime()) / 1000));
    for (const _ of [1, 2]) await exchange.drain();
    expect(await told('compliance.approval-renewal-due.v1', held!.id)).toEqual([{ approvalId: held!.id, holderId: market.vendorId, type: 'security_assessment', validUntil: '2028-01-09' }]);
    clock.advance(Math.round((new Date('2028-01-09T15:59:59Z').getTime() - clock.now().getTime()) / 1000));
    await exchange.drain();
    expect(await states()).toEqual(['ACTIVE']);
    clock.advance(1);
    await Promise.all([exchange.drain(), exchange.drain()]);
    expect(await states()).toEqual(['ACTIVE', 'EXPIRED']);
    expect(await exchange.app.get(UnitOfWork).run((tx) => exchange.app.get(Compliance).approvals.lockHeldBy(tx, market.vendorId))).toEqual([]);
  });
});
