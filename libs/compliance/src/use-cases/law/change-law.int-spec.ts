import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Compliance } from '#compliance';
import { newId, trustCallsOutsideRequests } from '#shared';
import type { GraphClient } from '../../../../../test/support/client.js';
import { startExchange, type TestExchange } from '../../../../../test/support/exchange.js';
import { done, hire } from '../../../../../test/support/market.js';
import { officers } from '../../../../../test/support/recognition.js';
import { transfer } from '../../../../../test/support/transfers.js';

trustCallsOutsideRequests();

type Json = Record<string, unknown>;
const read = (name: string): Json => JSON.parse(readFileSync(`libs/compliance/law/${name}.json`, 'utf8')) as Json;
/** Hong Kong's rulebook in a version under which every transfer of personal data is free. */
const MILD: Json = { ...read('rulebooks/hk-export-2026-11-22'), version: 'mild', rules: [{ id: 'hk.mild', summary: 'For a test', outcome: 'free', when: { all: [] }, citations: [{ source: 'PDPO', article: 's. 33', confidence: 'secondary' }] }], obligations: [] };

describe('a change of the law in force', () => {
  let exchange: TestExchange;
  let one: GraphClient;
  let other: GraphClient;
  let admin: GraphClient;
  beforeAll(async () => {
    exchange = await startExchange();
    [one, other] = await officers(exchange);
    admin = await exchange.client('staff-admin');
  });
  afterAll(() => exchange.close());

  const submit = async (data: object): Promise<string> => (await done<{ hash: string }>(one, 'submitLawDocument', 'SubmittedLawDocument', 'hash', { content: JSON.stringify(data) })).hash;
  const propose = (client: GraphClient, documentHash: string, act = 'ACTIVATE') => client.mutate<{ id: string; state: string }>('proposeLawChange', 'LawChange', 'id state document { documentId version inForce }', { documentHash, act, reason: 'the law changed' });
  const decide = (client: GraphClient, changeId: string, confirm = true) => client.mutate('decideLawChange', 'LawChange', 'id state decidedBy decisionReason document { inForce }', { changeId, confirm, reason: 'read and compared' });
  const inForce = async (id: string): Promise<{ version: string; hash: string }[]> =>
    (await (await exchange.client()).ask<{ lawInForce: { nodes: { documentId: string; version: string; hash: string }[] } }>('{ lawInForce(first: 100) { nodes { documentId version hash kind title effectiveFrom effectiveTo inForce } } }')).lawInForce.nodes.filter((d) => d.documentId === id);
  const activate = async (data: object): Promise<string> => {
    const hash = await submit(data);
    expect(await decide(other, (await propose(one, hash)).id)).toMatchObject({ __typename: 'LawChange', state: 'CONFIRMED', document: { inForce: true } });
    return hash;
  };
  const outcome = async (at: TestExchange = exchange): Promise<string> => (await at.app.get(Compliance).evaluate(transfer([{ persons: 5n }], { origin: 'HK', destination: 'SG', exporterId: newId() }))).outcome;
  const sets = async (): Promise<number> => Number(((await exchange.owner.query('select count(*) as n from compliance.law_set')) as [{ n: string }])[0].n);

  it('takes two members of staff, is told to others, and decides in every process at once', async () => {
    const beside = await startExchange({ beside: exchange });
    expect([await outcome(), await outcome(beside)]).toEqual(['conditional', 'conditional']);
    const hash = await submit(MILD);
    expect(await outcome()).toBe('conditional');
    const change = await propose(one, hash);
    expect(change).toMatchObject({ state: 'PROPOSED', document: { documentId: 'hk-export', version: 'mild', inForce: false } });
    expect(await decide(one, change.id)).toMatchObject({ __typename: 'StateConflict', code: 'compliance.law_second_officer' });
    expect(await decide(admin, change.id)).toMatchObject({ __typename: 'NotPermitted' });
    expect(await decide(other, change.id)).toMatchObject({ state: 'CONFIRMED', decisionReason: 'read and compared' });
    expect([await outcome(), await outcome(beside)]).toEqual(['free', 'free']);
    await beside.close();
    expect((await inForce('hk-export')).map((d) => d.version)).toEqual(['2026-11-22', 'mild']);
    const [told] = (await exchange.owner.query(`select payload from shared.outbox where topic = 'compliance.law-changed.v1'`)) as { payload: Json }[];
    const [set] = (await exchange.owner.query('select seq::text as seq, hash, activation_id from compliance.law_set order by seq desc limit 1')) as [Json];
    expect(told!.payload).toMatchObject({ setSeq: set['seq'], hash: set['hash'], documentHash: hash, act: 'ACTIVATE' });
    expect(set['activation_id']).toBe(change.id);
    const lines = (await exchange.owner.query(`select act from audit.entry where object_id = any($1) order by id`, [[change.id, hash]])) as { act: string }[];
    expect(lines.map((l) => l.act)).toEqual(['law.submit-document', 'law-change.propose', 'law-change.confirm']);

    const back = await propose(admin, hash, 'RETIRE');
    expect(await decide(one, back.id)).toMatchObject({ state: 'CONFIRMED', document: { inForce: false } });
    expect(await outcome()).toBe('conditional');
  });

  it('names every place at which a document is wrong', async () => {
    const refused = async (content: string) => one.mutate('submitLawDocument', 'SubmittedLawDocument', 'hash', { content });
    expect(await refused('{"kind": "rulebook"')).toMatchObject({ __typename: 'InvalidInput', code: 'compliance.law_document_refused', fields: [{ path: 'content', message: expect.stringContaining('is no JSON') as string }] });
    expect((await refused(JSON.stringify({ ...MILD, jurisdiction: 'XX', title: '' }))).fields!.map((f) => f.path)).toEqual(['content.jurisdiction', 'content.title']);
    expect(await refused(`{"conditions":{"deep":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`)).toMatchObject({ fields: [{ message: 'must not nest deeper than 24' }] });
    expect(await refused(JSON.stringify({ ...MILD, title: 'a\u0000b' }))).toMatchObject({ fields: [{ path: 'content.title' }] });
    expect(await refused(JSON.stringify({ ...MILD, title: 'a\ud800b' }))).toMatchObject({ fields: [{ path: 'content.title' }] });
    expect(await admin.mutate('submitLawDocument', 'SubmittedLawDocument', 'hash', { content: 'null' })).toMatchObject({ fields: [{ path: 'content', message: 'must be an object' }] });
    const vendor = await exchange.client('somebody');
    expect(await vendor.mutate('submitLawDocument', 'SubmittedLawDocument', 'hash', { content: '{}' })).toMatchObject({ __typename: 'NotPermitted' });
  });

  it('never edits: the same text again, or another one under a version that is taken, is refused', async () => {
    expect(await one.mutate('submitLawDocument', 'SubmittedLawDocument', 'hash', { content: JSON.stringify(MILD, null, 2) })).toMatchObject({ code: 'compliance.law_document_kept' });
    expect(await one.mutate('submitLawDocument', 'SubmittedLawDocument', 'hash', { content: JSON.stringify({ ...MILD, title: 'edited' }) })).toMatchObject({ code: 'compliance.law_version_taken' });
  });

  it('refuses what would not hold together, and leaves the old one in force', async () => {
    const before = await sets();
    const [bulk] = await inForce('us-bulk');
    expect(await propose(one, bulk!.hash, 'RETIRE')).toMatchObject({ __typename: 'StateConflict', code: 'compliance.law_does_not_hold', message: expect.stringMatching(/us\.covered\.bulk: the list us-bulk of the type thresholds is missing/) as string });
    expect(await propose(one, bulk!.hash)).toMatchObject({ code: 'compliance.law_does_not_hold', message: expect.stringContaining('is in force already') as string });
    expect(await propose(one, 'f'.repeat(64))).toMatchObject({ __typename: 'NotFound' });
    expect(await decide(other, newId())).toMatchObject({ __typename: 'NotFound' });
    const missing = await submit({ ...MILD, version: 'dreaming', rules: [{ ...(MILD['rules'] as Json[])[0], id: 'hk.dream', when: { fact: 'destination', inList: 'dreamland' } }, ...(MILD['rules'] as Json[])] });
    expect(await propose(one, missing)).toMatchObject({ message: expect.stringContaining('the list dreamland of the type countries is missing') as string });
    expect(await sets()).toBe(before);
  });

  it('is looked at again when it is confirmed: what fitted when it was proposed may fit no longer', async () => {
    const list = await activate({ ...read('lists/eea-2026-11-22'), id: 'test-places', version: '1' });
    const book = await submit({ ...MILD, version: 'with-places', rules: [{ ...(MILD['rules'] as Json[])[0], id: 'hk.places', when: { fact: 'destination', inList: 'test-places' } }, ...(MILD['rules'] as Json[])] });
    const activation = await propose(one, book);
    expect(await decide(other, (await propose(one, list, 'RETIRE')).id)).toMatchObject({ state: 'CONFIRMED' });
    expect(await decide(other, activation.id)).toMatchObject({ __typename: 'StateConflict', code: 'compliance.law_does_not_hold' });
    expect(await outcome()).toBe('conditional');
    expect(await decide(one, activation.id, false)).toMatchObject({ state: 'REJECTED' });
    expect(await decide(other, activation.id)).toMatchObject({ __typename: 'StateConflict', code: 'law-change.not_possible' });
  });

  it('puts a list in the place of its older version', async () => {
    const entries = (read('lists/us-bulk-2026-11-22')['entries'] as Json[]).map((e) => ({ ...e, moreThan: 1 }));
    await activate({ ...read('lists/us-bulk-2026-11-22'), version: 'one', entries });
    expect((await inForce('us-bulk')).map((d) => d.version)).toEqual(['one']);
  });

  it('is confirmed once, however many confirm at once, and proposed once', async () => {
    const three = await hire(exchange, admin, 'officer-three', 'COMPLIANCE_OFFICER');
    const hash = await submit({ ...read('lists/us-bulk-2026-11-22'), version: 'two' });
    const proposals = await Promise.all([propose(one, hash), propose(one, hash), propose(admin, hash)]);
    expect(proposals.map((p) => p.__typename === 'LawChange' ? 'made' : p.code).sort()).toEqual(['compliance.law_change_open', 'compliance.law_change_open', 'made']);
    const { id } = proposals.find((p) => p.__typename === 'LawChange')!;
    const before = await sets();
    const answers = await Promise.all([decide(other, id), decide(three, id), decide(other, id), decide(three, id)]);
    expect(answers.filter((a) => a.__typename === 'LawChange')).toHaveLength(1);
    expect(new Set(answers.filter((a) => a.__typename !== 'LawChange').map((a) => a.code))).toEqual(new Set(['law-change.not_possible']));
    expect(await sets()).toBe(before + 1);
  });

  it('serialises changes of different documents: none undoes another', async () => {
    const hashes = await Promise.all(['a', 'b', 'c'].map((v) => submit({ ...MILD, version: `same-time-${v}`, effectiveFrom: '2030-01-01' })));
    const changes = await Promise.all(hashes.map((h) => propose(one, h)));
    const answers = await Promise.all(changes.map((c) => decide(other, c.id)));
    expect(answers.map((a) => a.state)).toEqual(['CONFIRMED', 'CONFIRMED', 'CONFIRMED']);
    expect((await inForce('hk-export')).filter((d) => d.version.startsWith('same-time'))).toHaveLength(3);
  });

  it('keeps every document readable under its hash, for everybody', async () => {
    const nobody = await exchange.client();
    const [hk] = await inForce('hk-export');
    const { lawDocument } = await nobody.ask<{ lawDocument: { content: string; documentId: string } }>('query($hash: String!) { lawDocument(hash: $hash) { documentId content } }', { hash: hk!.hash });
    expect(JSON.parse(lawDocument.content)).toMatchObject({ kind: 'rulebook', id: 'hk-export' });
    for (const hash of ['f'.repeat(64), 'nothing', '']) expect(await nobody.ask('query($hash: String!) { lawDocument(hash: $hash) { hash } }', { hash })).toEqual({ lawDocument: null });
    const page = async (after?: string) => (await one.ask<{ lawDocuments: { nodes: { hash: string }[]; pageInfo: { endCursor: string; hasNextPage: boolean } } }>('query($after: String) { lawDocuments(first: 7, after: $after) { nodes { hash } pageInfo { endCursor hasNextPage } } }', { after })).lawDocuments;
    const seen: string[] = [];
    for (let at = await page(); ; at = await page(at.pageInfo.endCursor)) { seen.push(...at.nodes.map((n) => n.hash)); if (!at.pageInfo.hasNextPage) break; }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toHaveLength(Number(((await exchange.owner.query('select count(*) as n from compliance.law_document')) as [{ n: string }])[0].n));
    const changes = await admin.ask<{ lawChanges: { nodes: { state: string }[] } }>('{ lawChanges(state: REJECTED) { nodes { id state reason decisionReason } } }');
    expect(changes.lawChanges.nodes).toMatchObject([{ state: 'REJECTED', decisionReason: 'read and compared' }]);
    expect(await (await exchange.client('somebody')).ask('{ lawDocuments { nodes { hash } } lawChanges { nodes { id } } refusedLawFiles { name } }')).toEqual({ lawDocuments: null, lawChanges: null, refusedLawFiles: null });
  });
});

describe('files of the law at start', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(process.env['ENTREPOT_TEST_FOLDER']!, 'law-'));
    await Promise.all(['rulebooks', 'lists'].map((part) => mkdir(path.join(folder, part))));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const put = (name: string, content: string): Promise<void> => writeFile(path.join(folder, name), content);

  it('a malformed one is refused with its place, the exchange starts, and the old law stays; a good one waits until it is activated', async () => {
    const exchange = await startExchange();
    const [one, other] = await officers(exchange);
    const before = (await exchange.owner.query('select hash from compliance.law_set')) as object[];
    await put('rulebooks/broken.json', '{ "kind": "rulebook", ');
    await put('rulebooks/wrong.json', JSON.stringify({ ...MILD, jurisdiction: 'XX' }));
    await put('lists/poem.json', JSON.stringify({ kind: 'poem', id: 'poem', version: '1' }));
    await put('rulebooks/unexplained.json', JSON.stringify({ ...MILD, version: 'unexplained', rules: [{ ...(MILD['rules'] as Json[])[0], guideline: 'hk-mild' }] }));
    await mkdir(path.join(folder, 'guidelines'));
    await put('guidelines/hk-mild.en.md', '---\nid: hk-mild\nversion: 1\ndate: 2026-11-22\ntitle: Mild\nrules: hk.mild\n---\n# Mild\n');
    await put('guidelines/poem.en.md', 'no head');
    await put('rulebooks/mild.json', JSON.stringify(MILD));
    await put('rulebooks/lonely.json', JSON.stringify({ ...MILD, version: 'lonely', rules: [{ ...(MILD['rules'] as Json[])[0], id: 'hk.lonely', when: { fact: 'destination', inList: 'nowhere' } }, ...(MILD['rules'] as Json[])] }));
    const again = await startExchange({ beside: exchange, env: { LAW_FOLDER: folder } });
    const officer = await again.client('officer');
    const { refusedLawFiles } = await officer.ask<{ refusedLawFiles: { name: string; problems: string[] }[] }>('{ refusedLawFiles { name problems } }');
    expect(refusedLawFiles.map((f) => [f.name, f.problems.join()])).toEqual([
      ['lists/poem.json', expect.stringContaining('$.kind: must be one of') as string], ['rulebooks/broken.json', expect.stringContaining('$: is no JSON') as string],
      ['rulebooks/wrong.json', expect.stringContaining('$.jurisdiction: must be an ISO 3166-1') as string], ['guidelines/poem.en.md', expect.stringContaining('must begin with a head') as string],
      ['rulebooks/unexplained.json', '$.rules[0].guideline: there is no text hk-mild.zh.md'],
    ]);
    expect(await exchange.owner.query('select hash from compliance.law_set')).toEqual(before);
    const outcome = async (): Promise<string> => (await again.app.get(Compliance).evaluate(transfer([{ persons: 5n }], { origin: 'HK', destination: 'SG', exporterId: newId() }))).outcome;
    expect(await outcome()).toBe('conditional');
    const kept = (await exchange.owner.query(`select version, hash from compliance.law_document where origin in ('rulebooks/mild.json', 'rulebooks/lonely.json') order by version`)) as { version: string; hash: string }[];
    expect(kept.map((d) => d.version)).toEqual(['lonely', 'mild']);
    const propose = (documentHash: string) => one.mutate<{ id: string }>('proposeLawChange', 'LawChange', 'id', { documentHash, act: 'ACTIVATE', reason: 'new file' });
    expect(await propose(kept[0]!.hash)).toMatchObject({ code: 'compliance.law_does_not_hold' });
    await done(other, 'decideLawChange', 'LawChange', 'id', { changeId: (await propose(kept[1]!.hash)).id, confirm: true, reason: 'read' });
    expect(await outcome()).toBe('free');
    await again.close();
    const third = await startExchange({ beside: exchange, env: { LAW_FOLDER: path.join(folder, 'gone') } });
    expect((await third.app.get(Compliance).evaluate(transfer([{ persons: 5n }], { origin: 'HK', destination: 'SG', exporterId: newId() }))).outcome).toBe('free');
    await third.close();
    await exchange.close();
  });
});
