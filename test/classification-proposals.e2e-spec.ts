import { tableFromArrays, tableToIPC } from 'apache-arrow';
import { asSystem, UnitOfWork } from '#shared';
import type { GraphClient } from './support/client.js';
import { parquetOf } from './support/contents.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { CLASSIFICATION, done, type Draft, draftProduct, type Market, openMarket, opinion, putContent, SOURCE, submitted, type TestFile } from './support/market.js';

const IDS = ['11010519491231002X', '440524188001010014', '310101199003074255'];
const PEOPLE = `姓名,身份证号,手机,诊断\n${IDS.map((id, i) => `张三丰,${id},1381234567${i},高血压`).join('\n')}\n`;
const csv = (content: string, fileName = 'people.csv'): TestFile => ({ fileName, mediaType: 'text/csv', content: Buffer.from(content) });
const REASONS = ['persons', 'sensitivePersons', 'sensitiveCategories'].map((field) => ({ field, reason: 'The numbers were generated for tests; nobody stands behind them.' }));
const REPORT = { method: 'names and numbers were replaced by generated ones', k: 5, reidentificationTest: 'an attack with the source tables found nobody', sha256: 'c'.repeat(64), assessor: 'Harbour Assessors', assessedOn: '2026-01-31' };

interface Proposal {
  state: string; suggested: { persons: string; sensitivePersons: string; countedBy: string; exact: boolean; sensitiveCategories: string[] };
  findings: { column: string; detector: string; examples: string[] }[]; notProfiled: { fileName: string; reason: string }[]; identifyingColumns: string[]; anonymity: { k: number }[];
}
const PROPOSALS = `query($id: ID!) { classificationProposals(datasetId: $id) { nodes { state suggested { persons sensitivePersons countedBy exact sensitiveCategories } findings { column detector examples } notProfiled { fileName reason } identifyingColumns anonymity { k } } } }`;
const CHECKS = `query($id: ID, $state: ClassificationCheckState) { classificationChecks(datasetId: $id, state: $state) { nodes { id datasetId state reviewedBy reason deviations { field declared proposed reason } } } }`;
interface Check { id: string; datasetId: string; state: string; reviewedBy: string | null; reason: string | null; deviations: { field: string; declared: string; proposed: string; reason: string }[] }

describe('classification proposals', () => {
  let exchange: TestExchange;
  let market: Market;

  beforeAll(async () => {
    exchange = await startExchange();
    market = await openMarket(exchange);
  });
  afterAll(() => exchange.close());

  const proposals = async (client: GraphClient, id: string): Promise<Proposal[] | null> => (await client.ask<{ classificationProposals: { nodes: Proposal[] } | null }>(PROPOSALS, { id })).classificationProposals?.nodes ?? null;
  const checks = async (client: GraphClient, id: string | null, state: string | null = null): Promise<Check[] | null> => (await client.ask<{ classificationChecks: { nodes: Check[] } | null }>(CHECKS, { id, state })).classificationChecks?.nodes ?? null;
  const stateOf = async (productId: string): Promise<string> => ((await exchange.owner.query('select state from catalog.product where id = $1', [productId])) as [{ state: string }])[0].state;
  const classify = (datasetId: string, over: object = {}, more: object = {}) => market.vendor.mutate('classifyDataset', 'Dataset', 'id', { datasetId, classification: { ...CLASSIFICATION, ...over }, source: SOURCE, ...more });

  /** Uploads and finalises; read by the platform unless it is left unread. */
  async function finalised(files: readonly TestFile[], read = true): Promise<Draft> {
    const draft = await draftProduct(market, files);
    for (const [i, id] of draft.assetIds.entries()) expect((await putContent(market.vendor, id, files[i]!.content)).status).toBe(201);
    await done(market.vendor, 'finaliseRevision', 'Revision', 'id', { revisionId: draft.revisionId });
    if (read) await exchange.drain();
    return draft;
  }

  it('reads a finalised revision and proposes, before the vendor classifies; nobody else sees it, and no cell is kept', async () => {
    const { datasetId } = await finalised([csv(PEOPLE)]);
    const [proposal] = (await proposals(market.vendor, datasetId))!;
    expect(proposal).toMatchObject({ state: 'PROPOSED', suggested: { persons: '0', sensitivePersons: '3', countedBy: 'people.csv: 身份证号', exact: true, sensitiveCategories: ['medical_health'] }, identifyingColumns: ['people.csv: 姓名', 'people.csv: 身份证号', 'people.csv: 手机'] });
    expect(await proposals(market.officer, datasetId)).toEqual([proposal]);
    expect(await proposals(market.buyer, datasetId)).toEqual([]);
    const rows = JSON.stringify(await exchange.owner.query('select to_jsonb(p) from compliance.classification_proposal p')) + JSON.stringify(await exchange.owner.query('select to_jsonb(e) from audit.entry e'));
    for (const secret of [...IDS, '13812345670', '张三丰']) expect(rows).not.toContain(secret);
    await expect(exchange.owner.query('update compliance.classification_proposal set state = state')).rejects.toThrow('refused');
  });

  it('refuses a milder classification without reasons, lets it through with them, and lists it only once staff has accepted it', async () => {
    const draft = await finalised([csv(PEOPLE)]);
    const { productId, datasetId } = draft;
    expect(await market.vendor.mutate('submitProduct', 'Product', 'id', { productId })).toMatchObject({ __typename: 'StateConflict', code: 'catalog.not_ready_to_submit', current: 'DRAFT' });
    const refused = await classify(datasetId);
    expect(refused).toMatchObject({ __typename: 'InvalidInput', code: 'catalog.classification_milder', fields: [{ path: 'deviationReasons.persons' }, { path: 'deviationReasons.sensitivePersons' }, { path: 'deviationReasons.sensitiveCategories' }] });
    expect(refused.fields![0]!.message).toContain('declared 0, the data says 3');
    expect(await classify(datasetId, {}, { deviationReasons: [REASONS[0]] })).toMatchObject({ fields: [{ path: 'deviationReasons.sensitivePersons' }, { path: 'deviationReasons.sensitiveCategories' }] });
    expect(await classify(datasetId, {}, { deviationReasons: REASONS.map((r) => ({ ...r, reason: 'n/a' })) })).toMatchObject({ __typename: 'InvalidInput', code: 'catalog.classification' });
    expect(await classify(datasetId, {}, { deviationReasons: REASONS })).toMatchObject({ __typename: 'Dataset' });
    await done(market.vendor, 'submitProduct', 'Product', 'id', { productId });
    await exchange.drain();
    expect(await stateOf(productId)).toBe('TESTED');
    const check = (await checks(market.officer, null, 'AWAITING_REVIEW'))!.find((c) => c.datasetId === datasetId);
    expect(check).toMatchObject({ deviations: REASONS.map(({ field, reason }) => ({ field, reason, ...(field === 'sensitiveCategories' ? { declared: 'none', proposed: 'medical_health' } : { declared: '0', proposed: '3' }) })) });
    expect([await checks(market.vendor, datasetId), await checks(market.buyer, datasetId), await checks(await exchange.client('nobody-yet'), datasetId)]).toEqual([[check], [], null]);

    await done(market.officer, 'recordOpinion', 'Product', 'id', opinion(market, productId));
    const approve = () => market.reviewer.mutate('reviewProduct', 'Product', 'id', { productId, approve: true, reason: 'complete' });
    expect(await approve()).toMatchObject({ __typename: 'StateConflict', code: 'catalog.classification_not_accepted', current: 'OPINED' });
    const review = (client: GraphClient, accept: boolean) => client.mutate<{ state: string }>('reviewClassification', 'ClassificationCheck', 'state', { checkId: check!.id, accept, reason: 'the generator was shown to me' });
    for (const client of [market.vendor, market.reviewer, market.buyer, market.admin]) expect(await review(client, true)).toMatchObject({ __typename: 'NotPermitted' });
    const both = await Promise.all([review(market.officer, true), review(market.officer, true)]);
    expect(both.map((r) => r.__typename).sort()).toEqual(['ClassificationCheck', 'StateConflict']);
    expect(await approve()).toMatchObject({ __typename: 'Product' });
    expect(await checks(market.vendor, datasetId)).toMatchObject([{ state: 'ACCEPTED', reason: 'the generator was shown to me' }]);
    await expect(exchange.owner.query(`update compliance.classification_check set reason = 'other' where id = $1`, [check!.id])).rejects.toThrow('decided once');
  });

  it('fails the platform test of what was handed in unread and is milder; a refused word leads nowhere, another is another check', async () => {
    const draft = await finalised([csv(PEOPLE)], false);
    const { productId, datasetId } = draft;
    await done(market.vendor, 'submitProduct', 'Product', 'id', { productId });
    await exchange.drain();
    expect(await stateOf(productId)).toBe('DRAFT');
    const [record] = (await exchange.owner.query('select details from catalog.gate_record where product_id = $1', [productId])) as [{ details: { findings: string[] } }];
    expect(record.details.findings).toEqual([expect.stringMatching(/^Calls: persons: declared 0, the data says 3 .*say why$/), expect.stringContaining('sensitivePersons'), expect.stringContaining('sensitiveCategories')]);

    const again = async (reasons: object[]): Promise<Check> => {
      await classify(datasetId, {}, { deviationReasons: reasons });
      await done(market.vendor, 'submitProduct', 'Product', 'id', { productId });
      await exchange.drain();
      return (await checks(market.officer, datasetId, 'AWAITING_REVIEW'))![0]!;
    };
    const first = await again(REASONS);
    await done(market.officer, 'reviewClassification', 'ClassificationCheck', 'id', { checkId: first.id, accept: false, reason: 'no generator was shown' });
    await done(market.officer, 'recordOpinion', 'Product', 'id', opinion(market, productId));
    expect(await market.reviewer.mutate('reviewProduct', 'Product', 'id', { productId, approve: true, reason: 'complete' })).toMatchObject({ code: 'catalog.classification_not_accepted' });
    await done(market.reviewer, 'reviewProduct', 'Product', 'id', { productId, approve: false, reason: 'classify anew' });

    const second = await again(REASONS.map((r) => ({ ...r, reason: 'The generator and its seed are described in annex 3.' })));
    expect(second.id).not.toBe(first.id);
    await done(market.officer, 'recordOpinion', 'Product', 'id', opinion(market, productId, { favourable: false }));
    expect(await classify(datasetId, { sensitivePersons: '3', sensitiveCategories: ['MEDICAL_HEALTH'] })).toMatchObject({ __typename: 'Dataset' });
    await done(market.vendor, 'submitProduct', 'Product', 'id', { productId });
    await exchange.drain();
    expect((await checks(market.officer, datasetId))!.map((c) => c.state)).toEqual(['REJECTED', 'SUPERSEDED']);
    await done(market.officer, 'recordOpinion', 'Product', 'id', opinion(market, productId));
    expect(await market.reviewer.mutate('reviewProduct', 'Product', 'id', { productId, approve: true, reason: 'complete' })).toMatchObject({ __typename: 'Product' });
  });

  it('holds a claim of anonymity against the columns and against the k of the report', async () => {
    const { datasetId } = await finalised([csv(PEOPLE)]);
    const anonymous = { anonymisation: 'ANONYMISED', anonymisationEvidence: 'report of January' };
    expect(await classify(datasetId, anonymous)).toMatchObject({ code: 'catalog.classification', fields: [{ path: 'anonymisationReport' }] });
    expect(await classify(datasetId, anonymous, { anonymisationReport: { ...REPORT, assessedOn: '2999-01-01', k: 1 } })).toMatchObject({ fields: [{ path: 'anonymisationReport.k' }, { path: 'anonymisationReport.assessedOn' }] });
    expect(await classify(datasetId, anonymous, { anonymisationReport: REPORT })).toMatchObject({ code: 'catalog.classification_milder', fields: [{ path: 'deviationReasons.persons' }, { path: 'deviationReasons.sensitivePersons' }, { path: 'deviationReasons.sensitiveCategories' }, { path: 'deviationReasons.anonymisation' }] });
    const grouped = await finalised([csv(`birth year,gender,postcode\n${'1980,M,200120\n'.repeat(3)}${'1990,F,200120\n'.repeat(6)}`)]);
    expect((await proposals(market.vendor, grouped.datasetId))![0]!.anonymity).toEqual([{ k: 3 }]);
    expect(await classify(grouped.datasetId, anonymous, { anonymisationReport: REPORT })).toMatchObject({ fields: [{ path: 'deviationReasons.anonymisationReport', message: expect.stringContaining('declared k = 5, the data says k = 3') as string }] });
    expect(await classify(grouped.datasetId, anonymous, { anonymisationReport: { ...REPORT, k: 3 } })).toMatchObject({ __typename: 'Dataset' });
    const { product } = await market.vendor.ask<{ product: object }>('query($id: ID!) { product(id: $id) { datasets { source { origin from legalBasis } anonymisationReport { k sha256 } } } }', { id: grouped.productId });
    expect(product).toEqual({ datasets: [{ source: { ...SOURCE, from: null }, anonymisationReport: { k: 3, sha256: REPORT.sha256 } }] });
  });

  it('refuses a source that says nothing or contradicts itself, and a product without one', async () => {
    const file = csv('ship,teu\nEver Calm,20\n');
    const draft = await finalised([file]);
    for (const sourceStatement of ['n/a', 'test', '无', 'xxxxxxxxxxxx', '待定。']) expect([sourceStatement, await classify(draft.datasetId, { sourceStatement })]).toMatchObject([sourceStatement, { __typename: 'InvalidInput', fields: [{ path: 'classification.sourceStatement' }] }]);
    expect(await classify(draft.datasetId, {}, { source: { ...SOURCE, from: 'somebody' } })).toMatchObject({ fields: [{ path: 'source.from' }] });
    expect(await classify(draft.datasetId, {}, { source: { origin: 'LICENSED', legalBasis: 'CONTRACT' } })).toMatchObject({ fields: [{ path: 'source.from' }] });
    expect(await classify(draft.datasetId, { persons: '5' }, { source: { ...SOURCE, legalBasis: 'NO_PERSONAL_INFORMATION' } })).toMatchObject({ fields: [{ path: 'source.legalBasis' }] });
    expect(await classify(draft.datasetId, {}, { source: null })).toMatchObject({ __typename: 'Dataset' });
    expect(await market.vendor.mutate('submitProduct', 'Product', 'id', { productId: draft.productId })).toMatchObject({ code: 'catalog.not_ready_to_submit' });
  });

  it('names what it cannot read, reads several files of one table as one, and Arrow and Parquet as well', async () => {
    const broken: TestFile = { fileName: 'a.arrow', mediaType: 'application/vnd.apache.arrow.file', content: Buffer.concat([Buffer.from('ARROW1\0\0'), Buffer.alloc(8, 1), Buffer.from([8, 0, 0, 0]), Buffer.from('ARROW1')]) };
    const tab = csv(`user id\temail\n1\twang@example.cn\n2\tli@example.cn\n`, 'tab.csv');
    const json: TestFile = { fileName: 'b.json', mediaType: 'application/json', content: Buffer.from(JSON.stringify({ data: [{ user: { id: 'u1', mobile: '13812345678' } }, { user: { id: 'u2', mobile: '13912345678' } }] })) };
    const parquet: TestFile = { fileName: 'c.parquet', mediaType: 'application/vnd.apache.parquet', content: await parquetOf(`select '${IDS[0]}' as "证件号" union all select '${IDS[1]}'`) };
    const arrow: TestFile = { fileName: 'd.arrow', mediaType: 'application/vnd.apache.arrow.file', content: Buffer.from(tableToIPC(tableFromArrays({ iban: ['DE89370400440532013000', 'GB82WEST12345698765432'] }), 'file')) };
    const files = [csv(PEOPLE, 'p1.csv'), csv(PEOPLE.replaceAll('11010519491231002X', '310101201501010131'), 'p2.csv'), broken, tab, json, parquet, arrow];
    const { datasetId } = await finalised(files);
    const [proposal] = (await proposals(market.vendor, datasetId))!;
    expect(proposal).toMatchObject({ state: 'PARTLY_PROFILED', suggested: { sensitivePersons: '4', exact: false }, notProfiled: [{ fileName: 'a.arrow', reason: 'could not be read: it is damaged, or no Arrow file' }] });
    expect(proposal!.findings.map((f) => `${f.column}:${f.detector}`)).toEqual(expect.arrayContaining(['email:email', 'user.mobile:cn_mobile', '身份证号:cn_resident_id', '证件号:cn_resident_id', 'iban:iban']));
    const only = await draftProduct(market, [broken]);
    await submitted(exchange, market, only, [broken]);
    expect(await stateOf(only.productId)).toBe('DRAFT');
    expect(await exchange.owner.query('select details from catalog.gate_record where product_id = $1', [only.productId])).toEqual([{ details: { findings: ['a.arrow: could not be read: it is damaged, or no Arrow file'], notProfiled: ['a.arrow: could not be read: it is damaged, or no Arrow file'] } }]);
    expect(await proposals(market.vendor, only.datasetId)).toMatchObject([{ state: 'NOT_PROFILED', suggested: { persons: '0' } }]);
  });

  it('gives up on files that cannot be read again and again, says so, and lets the gate go on', async () => {
    const file = csv(PEOPLE);
    const draft = await finalised([file], false);
    await exchange.owner.query('insert into delivery.profile_job (revision_id, dataset_id, product_id, vendor_id, requested_at, held_until, attempts) values ($1, $2, $3, $4, now(), now(), 8)', [draft.revisionId, draft.datasetId, draft.productId, market.vendorId]);
    await exchange.drain();
    expect(await proposals(market.officer, draft.datasetId)).toMatchObject([{ state: 'NOT_PROFILED', notProfiled: [{ fileName: 'people.csv', reason: expect.stringContaining('again and again') as string }] }]);
    await done(market.vendor, 'submitProduct', 'Product', 'id', { productId: draft.productId });
    await exchange.drain();
    expect(await stateOf(draft.productId)).toBe('TESTED');
  });

  it('reads each revision once, also when two processes begin and one dies in between', async () => {
    const { datasetId, revisionId } = await finalised([csv(PEOPLE)]);
    await exchange.owner.query(`update delivery.profile_job set finished_at = null, held_until = now() - interval '1 second' where revision_id = $1`, [revisionId]);
    await Promise.all([exchange.drain(), exchange.drain()]);
    expect(await proposals(market.vendor, datasetId)).toHaveLength(1);
    const uow = exchange.app.get(UnitOfWork);
    const [{ finished }] = await asSystem(() => uow.run(async (tx) => (await tx.query('select finished_at is not null as finished from delivery.profile_job where revision_id = $1', [revisionId])) as [{ finished: boolean }]));
    expect(finished).toBe(true);
  });
});
