import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { GraphClient } from './support/client.js';
import { addDocument, AtCounter, openCase, secondOfficer } from './support/counter.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { brokenInvariants } from './support/invariants.js';
import { changeLaw, handIn } from './support/law.js';
import { csvFile, done, join, listedProduct, type Market, offerOf, openMarket, opinion, orderOf, putContent, sha256, SOURCE, type TestFile } from './support/market.js';
import { tradeOf } from './support/trade.js';

const IDS = ['11010519491231002X', '440524188001010014', '310101199003074255'];
const FILE: TestFile = { fileName: '会员.csv', mediaType: 'text/csv', content: Buffer.from(`姓名,身份证号,手机\n${IDS.map((id, i) => `张三丰,${id},1381234567${i}`).join('\n')}\n`) };
const MEMBERS = { level: 'GENERAL', sector: 'retail', persons: '150000', sensitivePersons: '0', anonymisation: 'NONE', collectedIn: 'CN', sourceStatement: 'The members registered themselves in our shops.' };
const FACTS = { origin: 'CN', originProvince: 'CN-SH', registeredIn: 'CN-SH', destination: 'SG', thisPI: 150_000 };
const END_USE = { purpose: 'RESEARCH', destination: 'SG', endUsers: [{ name: 'Straits Labs', country: 'SG' }], onward: { planned: false } };

const PROBLEM = '... on Problem { code message } ... on InvalidInput { fields { path message } } ... on StateConflict { current: state }';
const VERDICT = 'outcome permitted needs filings { type to deadline } obligations reasons { rule citation confidence zh: guidelineText(language: ZH) }';
const DRY_RUN = `query($facts: String!) { decideTransfer(input: { facts: $facts }) { __typename ... on TransferDryRun { ${VERDICT} asOf } ... on FactsMissing { missing } ${PROBLEM} } }`;
const ORDER = `mutation($input: PlaceOrderInput!) { placeOrder(input: $input) { __typename ... on Agreement { id licence { id } } ... on TransferRefused { decision { ${VERDICT} } }
  ... on AwaitingClearance { pendingOrder { id state needs } decision { id ${VERDICT} } } ${PROBLEM} } }`;
const TRACES = `select (select count(*) from compliance.decision) decisions, (select count(*) from compliance.end_use_declaration) declared, (select count(*) from compliance.finding) findings,
  (select count(*) from compliance.volume_movement) movements, (select count(*) from contracts.pending_order) orders`;
const PREVIEW = `query($input: PlaceOrderInput!) { previewOrder(input: $input) { __typename ... on OrderPreview { ${VERDICT} mechanisms missing } ${PROBLEM} } }`;
const CASES = '{ cases { nodes { id kind mechanism state possibleEvents subjectType subjectId decisionId clock { dueOn problem } scope { recipientId purposes destinations productIds } } } }';
const NOTICES = '{ notices { nodes { objectType objectId kind text reasons { citation zh: guidelineText(language: ZH) } } } }';

interface Verdict { outcome: string; permitted: boolean; needs: string[][]; filings: { type: string }[]; obligations: string[]; reasons: { rule: string; citation: string; zh: string }[] }
interface Ordered { __typename: string; id: string; licence: { id: string }; code: string; message: string; fields: { path: string }[]; pendingOrder: { id: string; state: string; needs: string[][] }; decision: Verdict & { id: string } }
interface Case { id: string; kind: string; mechanism: string; state: string; possibleEvents: string[]; subjectId: string; scope: object }
interface Notice { objectType: string; objectId: string; kind: string; text: string; reasons: { citation: string; zh: string }[] }

/** One sale from Shanghai to Singapore as its people live it: over HTTP alone, each step out of what the answer before it said. */
describe('the law of a trade, end to end', () => {
  let exchange: TestExchange;
  let market: Market;
  let second: GraphClient;
  let buyerId: string;
  let productId: string;
  let assetId: string;
  let offerId: string;
  let orderId: string;
  let licenceId: string;
  let approvalId: string;
  /** A licence that is permitted whatever the law says of persons. */
  let harmless: string;

  beforeAll(async () => {
    exchange = await startExchange();
    market = await openMarket(exchange);
    second = await secondOfficer(exchange, market);
    buyerId = (await market.buyer.ask<{ me: { organisation: { id: string } } }>('{ me { organisation { id } } }')).me.organisation.id;
    const { productId: id } = await listedProduct(exchange, market, [csvFile(300)]);
    const agreed = await order(orderOf((await done(market.vendor, 'createOffer', 'Offer', 'id', offerOf(id, { terms: { declaredUsers: true } }))).id));
    await exchange.drain();
    await done(market.buyer, 'payTrade', 'Payment', 'id', { tradeId: await tradeOf(market.buyer, agreed.id, 'PURCHASE') });
    harmless = agreed.licence.id;
  });
  afterAll(() => exchange.close());
  afterEach(async () => {
    await exchange.drain();
    expect(await brokenInvariants(exchange)).toEqual({});
  });

  const order = async (input: object): Promise<Ordered> => (await market.buyer.ask<{ placeOrder: Ordered }>(ORDER, { input })).placeOrder;
  const dryRun = async (client: GraphClient, facts: object): Promise<Verdict & { __typename: string; fields: { path: string; message: string }[] }> =>
    (await client.ask<{ decideTransfer: Verdict & { __typename: string; fields: { path: string; message: string }[] } }>(DRY_RUN, { facts: JSON.stringify(facts) })).decideTransfer;
  const casesOf = async (client: GraphClient): Promise<Case[]> => (await client.ask<{ cases: { nodes: Case[] } }>(CASES)).cases.nodes;
  const noticesOf = async (client: GraphClient): Promise<Notice[]> => (await client.ask<{ notices: { nodes: Notice[] } }>(NOTICES)).notices.nodes;
  const licence = async (id = licenceId): Promise<{ state: string; stateReason: string | null }> =>
    (await market.buyer.ask<{ licence: { state: string; stateReason: string | null } }>('query($id: ID!) { licence(id: $id) { state stateReason } }', { id })).licence;
  const volume = async (): Promise<[string, string]> => {
    const { exportVolume: v } = await market.vendor.ask<{ exportVolume: Record<'reserved' | 'confirmed', { persons: string }> }>('query($y: Int!) { exportVolume(year: $y) { reserved { persons } confirmed { persons } } }', { y: yearInShanghai() });
    return [v.reserved.persons, v.confirmed.persons];
  };
  const yearInShanghai = (): number => new Date(Date.now() + 8 * 3_600_000).getUTCFullYear();
  const today = (): string => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
  const token = async (): Promise<string> => (await done<{ url: string }>(market.buyer, 'requestDownload', 'DownloadGrant', 'url', { licenceId, assetId })).url;
  /** 206, or why not. */
  const bytes = async (url: string): Promise<number | string> => {
    const response = await fetch(url, { headers: { range: 'bytes=0-9' } });
    return response.status === 206 ? 206 : `${response.status} ${((await response.json()) as { message: string }).message}`;
  };
  const move = (client: GraphClient, caseId: string, event: string, over: object = {}) => client.mutate<{ message: string; current: string; possibleEvents: string[] }>('moveCase', 'Case', 'state possibleEvents', { caseId, event, ...over });

  it('a vendor hands in a list of people, reads what the platform makes of it and classifies it', async () => {
    const { vendor, officer, reviewer } = market;
    ({ id: productId } = await done(vendor, 'createProduct', 'Product', 'id', { title: '会员名册', description: 'Members of a loyalty scheme', themes: ['SOCI'], exporterIsCIIO: false, exporterHasPRCEntity: true }));
    const { id: datasetId } = await done(vendor, 'addDataset', 'Dataset', 'id', { productId, title: 'Members', description: 'One row a member' });
    const { id: revisionId } = await done(vendor, 'createRevision', 'Revision', 'id', { datasetId });
    ({ id: assetId } = await done(vendor, 'addAsset', 'Asset', 'id', { revisionId, fileName: FILE.fileName, mediaType: FILE.mediaType, byteLength: String(FILE.content.length), sha256: sha256(FILE.content) }));
    expect((await putContent(vendor, assetId, FILE.content)).status).toBe(201);
    await done(vendor, 'finaliseRevision', 'Revision', 'id', { revisionId });
    expect(await vendor.mutate('submitProduct', 'Product', 'id', { productId })).toMatchObject({ code: 'catalog.not_ready_to_submit', message: 'the dataset Members is not classified' });
    await exchange.drain();
    const seen = await vendor.ask<{ classificationProposals: { nodes: object[] } }>('query($id: ID!) { classificationProposals(datasetId: $id) { nodes { state suggested { persons sensitivePersons countedBy } findings { column detector } identifyingColumns } } }', { id: datasetId });
    const columns = ['姓名', '身份证号', '手机'];
    expect(seen.classificationProposals.nodes).toMatchObject([{ state: 'PROPOSED', suggested: { persons: '3', sensitivePersons: '0', countedBy: '会员.csv: 身份证号' }, identifyingColumns: columns.map((c) => `会员.csv: ${c}`) }]);

    const classify = (over: object, more: object = {}) => vendor.mutate('classifyDataset', 'Dataset', 'id', { datasetId, classification: { ...MEMBERS, ...over }, source: SOURCE, ...more });
    expect((await classify({ persons: '2' })).fields).toEqual([{ path: 'deviationReasons.persons', message: 'persons: declared 2, the data says 3 (counted by 会员.csv: 身份证号): say why' }]);
    expect((await classify({ persons: '-5' })).fields).toMatchObject([{ path: 'classification.persons' }]);
    // Stricter than what the file shows needs no reason.
    expect(await classify({})).toMatchObject({ __typename: 'Dataset' });
    await done(vendor, 'submitProduct', 'Product', 'id', { productId });
    await exchange.drain();
    await done(officer, 'recordOpinion', 'Product', 'id', opinion(market, productId));
    await done(reviewer, 'reviewProduct', 'Product', 'id', { productId, approve: true, reason: 'complete' });
    await done(reviewer, 'certifyProduct', 'Product', 'id', { productId });
    await done(vendor, 'listProduct', 'Product', 'id', { productId, reason: 'ready' });
    ({ id: offerId } = await done(vendor, 'createOffer', 'Offer', 'id', offerOf(productId, { terms: { declaredUsers: true } })));
  });

  it('a dry run says beforehand what it takes, to the buyer, the vendor and staff, with the guideline in Chinese', async () => {
    const verdict = await dryRun(market.buyer, FACTS);
    expect(verdict).toMatchObject({ __typename: 'TransferDryRun', outcome: 'STANDARD_CONTRACT', permitted: false, needs: [['standard_contract', 'certification']], filings: [{ type: 'standard_contract_filing', to: 'provincial CAC' }] });
    expect(verdict.reasons.map((r) => r.citation)).toEqual(expect.arrayContaining(['CAC Order 16 (2024-03-22) Art. 8', 'PIPL Art. 38']) as unknown);
    for (const { zh } of verdict.reasons) expect(zh).toContain('标准合同');
    for (const client of [market.vendor, market.officer]) expect(await dryRun(client, FACTS)).toEqual(verdict);
    expect((await dryRun(market.buyer, { ...FACTS, thisPI: 99_999 })).outcome).toBe('EXEMPT');
    expect((await dryRun(market.buyer, { destination: 'XX', thisPI: -1, persons: 1 })).fields.map((f) => f.path)).toEqual(['facts.destination', 'facts.thisPI', 'facts.persons']);
  });

  it('a preview of the order says the same with what the exchange knows of both sides, and leaves no trace', async () => {
    const kept = (): Promise<object[]> => exchange.owner.query(TRACES);
    const before = await kept();
    const preview = async (client: GraphClient, over: object): Promise<object> => (await client.ask<{ previewOrder: object }>(PREVIEW, { input: { ...orderOf(offerId), endUse: END_USE, ...over } })).previewOrder;
    expect(await preview(market.buyer, {})).toMatchObject({ __typename: 'OrderPreview', outcome: 'STANDARD_CONTRACT', permitted: false, needs: [['standard_contract', 'certification']], filings: [{ type: 'standard_contract_filing' }] });
    expect(await preview(market.buyer, { endUse: { ...END_USE, purpose: 'MARKETING' } })).toMatchObject({ code: 'contracts.end_use_differs', fields: [{ path: 'endUse' }] });
    expect(await preview(market.buyer, { endUse: { ...END_USE, onward: { planned: false, countries: ['US'] } } })).toMatchObject({ code: 'compliance.end_use_contradiction' });
    expect(await preview(market.vendor, {})).toMatchObject({ code: 'contracts.own_offer' });
    expect(await kept()).toEqual(before);
  });

  it('the order waits for what the law asks for, and says so to both sides', async () => {
    expect(await order({ offerId, purpose: 'RESEARCH', destination: 'US' })).toMatchObject({ __typename: 'InvalidInput', code: 'contracts.terms_refused' });
    const contradicts = { ...END_USE, onward: { planned: false, countries: ['US'] } };
    expect(await order({ ...orderOf(offerId), endUse: contradicts })).toMatchObject({ code: 'compliance.end_use_contradiction', fields: [{ path: 'endUse.onward.countries' }] });
    const waits = await order({ ...orderOf(offerId), endUse: END_USE });
    expect(waits).toMatchObject({ __typename: 'AwaitingClearance', pendingOrder: { state: 'AWAITING_CLEARANCE', needs: [['standard_contract', 'certification']] }, decision: { outcome: 'STANDARD_CONTRACT', permitted: false } });
    expect(waits.decision.reasons.map((r) => r.citation)).toEqual(expect.arrayContaining(['CAC Order 16 (2024-03-22) Art. 8']) as unknown);
    expect(waits.decision.reasons[0]!.zh).toContain('标准合同');
    expect(waits.decision.obligations.join()).toContain('PIPL Art. 39');
    orderId = waits.pendingOrder.id;
    await exchange.drain();
    expect(await casesOf(market.vendor)).toMatchObject([{
      kind: 'STANDARD_CONTRACT_FILING', mechanism: 'standard_contract', state: 'DRAFT', possibleEvents: ['SIGN', 'PRESENT_HELD', 'WITHDRAW'], subjectType: 'order', subjectId: orderId, decisionId: waits.decision.id,
      scope: { recipientId: buyerId, purposes: ['RESEARCH'], destinations: ['SG'], productIds: [productId] },
    }]);
    expect(await casesOf(market.buyer)).toMatchObject([{ state: 'DRAFT', possibleEvents: [] }]);
    // The other mechanism of the group, opened by the vendor himself, asks for no more than the order needs.
    const other = await openCase(market.vendor, { kind: 'CERTIFICATION', subjectType: 'order', subjectId: orderId, scope: { persons: '150000' } });
    expect((await casesOf(market.vendor)).find((c) => c.id === other)!.scope).toEqual({ recipientId: buyerId, purposes: ['RESEARCH'], destinations: ['SG'], productIds: [productId] });
    await done(market.vendor, 'moveCase', 'Case', 'state', { caseId: other, event: 'WITHDRAW' });
    expect(await volume()).toEqual(['0', '0']);
  });

  it('the vendor files step by step as the answers tell him, two officers grant, and the order concludes by itself', async () => {
    const { vendor, officer } = market;
    const { id: caseId } = (await casesOf(vendor)).find((c) => c.kind === 'STANDARD_CONTRACT_FILING')!;
    expect(await move(vendor, caseId, 'FILE')).toMatchObject({ code: 'compliance.case_event_not_possible', message: 'file is not possible in state DRAFT; now you may: sign, present-held, withdraw' });
    expect(await move(vendor, caseId, 'SIGN')).toMatchObject({ code: 'compliance.case_evidence_missing', message: 'sign needs a document of the kind STANDARD_CONTRACT' });
    await addDocument(vendor, caseId, 'STANDARD_CONTRACT');
    expect(await move(vendor, caseId, 'SIGN')).toMatchObject({ state: 'SIGNED' });
    expect((await move(vendor, caseId, 'TAKE_EFFECT')).fields).toMatchObject([{ path: 'occurredOn' }]);
    expect(await move(vendor, caseId, 'TAKE_EFFECT', { occurredOn: today() })).toMatchObject({ state: 'FILING_DUE', possibleEvents: ['FILE'] });
    await addDocument(vendor, caseId, 'PIPIA');
    expect(await move(vendor, caseId, 'FILE')).toMatchObject({ state: 'FILED' });
    const receipt = await addDocument(vendor, caseId, 'FILING_RECEIPT');
    const register = { reference: 'SH-2026-17' };
    expect((await move(second, caseId, 'REGISTER', register)).message).toContain('FILING_RECEIPT to have been accepted by staff');
    await new AtCounter(officer, caseId).check(receipt);
    expect(await move(officer, caseId, 'REGISTER', register)).toMatchObject({ code: 'compliance.case_four_eyes', current: 'FILED' });
    expect(await move(second, caseId, 'REGISTER', register)).toMatchObject({ state: 'REGISTERED' });
    await exchange.drain();
    const { approvals } = await vendor.ask<{ approvals: { nodes: { id: string }[] } }>('{ approvals { nodes { id type state reference } } }');
    expect(approvals.nodes).toMatchObject([{ type: 'standard_contract', state: 'ACTIVE', reference: 'SH-2026-17' }]);
    approvalId = approvals.nodes[0]!.id;

    const { pendingOrders } = await market.buyer.ask<{ pendingOrders: { nodes: { state: string; agreementId: string }[] } }>('{ pendingOrders { nodes { id state agreementId } } }');
    expect(pendingOrders.nodes).toMatchObject([{ id: orderId, state: 'CONCLUDED' }]);
    const { agreementId } = pendingOrders.nodes[0]!;
    const { agreement } = await market.buyer.ask<{ agreement: { licence: { id: string }; decision: object } }>('query($id: ID!) { agreement(id: $id) { licence { id } decision { outcome permitted mechanisms needs } } }', { id: agreementId });
    expect(agreement.decision).toEqual({ outcome: 'STANDARD_CONTRACT', permitted: true, mechanisms: ['standard_contract'], needs: [] });
    licenceId = agreement.licence.id;
    expect(await volume()).toEqual(['150000', '0']);
    await done(market.buyer, 'payTrade', 'Payment', 'id', { tradeId: await tradeOf(market.buyer, agreementId, 'PURCHASE') });
    const whole = await fetch(await token());
    expect([whole.status, Buffer.from(await whole.arrayBuffer()).equals(FILE.content)]).toEqual([200, true]);
    expect(await volume()).toEqual(['0', '150000']);
  });

  it('an approval that is taken back refuses the next byte with the reason, suspends, and a new one resumes', async () => {
    const { vendor, buyer, officer } = market;
    const url = await token();
    expect(await bytes(url)).toBe(206);
    await done(officer, 'revokeApproval', 'Approval', 'id', { approvalId, reason: 'the filing was withdrawn' });
    const why = expect.stringMatching(/it needs standard_contract or certification \(.*CAC Order 16 \(2024-03-22\) Art\. 8/) as string;
    expect(await bytes(url)).toEqual(why);
    await exchange.drain();
    expect(await licence()).toEqual({ state: 'SUSPENDED', stateReason: why });
    for (const side of [vendor, buyer]) expect((await noticesOf(side))[0]).toMatchObject({ objectType: 'LICENCE', objectId: licenceId, kind: 'SUSPENDED', text: why });
    expect((await noticesOf(vendor))[0]!.reasons[0]!.zh).toContain('标准合同');
    expect((await vendor.ask<{ approval: object }>('query($id: ID!) { approval(id: $id) { state endReason } }', { id: approvalId })).approval).toEqual({ state: 'REVOKED', endReason: 'the filing was withdrawn' });

    const caseId = await openCase(vendor, { kind: 'STANDARD_CONTRACT_FILING', subjectType: 'product', subjectId: productId, scope: { recipientId: buyerId } });
    const receipt = await addDocument(vendor, caseId, 'FILING_RECEIPT');
    await new AtCounter(vendor, caseId).move('PRESENT_HELD');
    await new AtCounter(officer, caseId).check(receipt);
    expect(await new AtCounter(second, caseId).move('RECORD_HELD', { reference: 'SH-2026-18' })).toBe('REGISTERED');
    expect(await bytes(url)).toContain('the licence is not active');
    await exchange.drain();
    expect([await licence(), await bytes(url)]).toEqual([{ state: 'ACTIVE', stateReason: null }, 206]);
    for (const side of [vendor, buyer]) expect((await noticesOf(side)).map((n) => n.kind)).toEqual(['RESUMED', 'SUSPENDED']);
    expect(await volume()).toEqual(['0', '150000']);
  });

  it('a stricter version of the law is tried, activated with four eyes, bites exactly where it should, and is retired', async () => {
    const { officer } = market;
    const book = JSON.parse(readFileSync('libs/compliance/law/rulebooks/cn-export-2026-11-22.json', 'utf8')) as { rules: { id: string; when: { all: { fact?: string; gte?: number }[] } }[] };
    book.rules.find((r) => r.id === 'cn.volume.persons-1000000')!.when.all.find((c) => c.fact === 'yearPersons')!.gte = 120_000;
    const version = { ...book, version: '2026-11-23', effectiveFrom: '2026-11-01' };
    expect(await officer.mutate('submitLawDocument', 'SubmittedLawDocument', 'hash', { content: JSON.stringify({ ...version, rules: [{ id: 'x' }] }) })).toMatchObject({ code: 'compliance.law_document_refused', fields: expect.arrayContaining([{ path: 'content.rules[0].when', message: 'is missing' }]) as unknown });
    const hash = await handIn(officer, version);
    const { id } = await done(officer, 'screenLawChange', 'Screening', 'id', { documentHash: hash, act: 'ACTIVATE' });
    await exchange.drain();
    const screening = async (by: string, variables: object = {}): Promise<object> => {
      const query = `query${by === 'screening' ? '($id: ID!)' : ''} { found: ${by === 'screening' ? 'screening(id: $id) { ' : 'screenings(first: 1) { nodes { '} state dryRun total done affected results { nodes { objectId effect outcomeBefore outcomeAfter } } }${by === 'screening' ? '' : ' }'} }`;
      return (await officer.ask<{ found: object }>(query, variables)).found;
    };
    const found = { state: 'DONE', total: 4, done: 4, affected: 1, results: { nodes: [{ objectId: licenceId, effect: 'SUSPEND', outcomeBefore: 'STANDARD_CONTRACT', outcomeAfter: 'SECURITY_ASSESSMENT' }] } };
    expect(await screening('screening', { id })).toEqual({ dryRun: true, ...found });
    expect(await licence()).toMatchObject({ state: 'ACTIVE' });

    const url = await token();
    const { id: changeId } = await done(officer, 'proposeLawChange', 'LawChange', 'id', { documentHash: hash, act: 'ACTIVATE', reason: 'the threshold was lowered' });
    const decide = { changeId, confirm: true, reason: 'read and compared' };
    expect(await officer.mutate('decideLawChange', 'LawChange', 'id', decide)).toMatchObject({ code: 'compliance.law_second_officer' });
    expect(await bytes(url)).toBe(206);
    await done(second, 'decideLawChange', 'LawChange', 'id', decide);
    expect(await bytes(url)).toContain('it needs security_assessment');
    await exchange.drain();
    expect(await screening('screenings')).toEqual({ nodes: [{ dryRun: false, ...found }] });
    expect([await licence(), await licence(harmless)]).toMatchObject([{ state: 'SUSPENDED', stateReason: expect.stringContaining('security_assessment') as string }, { state: 'ACTIVE' }]);
    await changeLaw([officer, second], hash, 'RETIRE');
    await exchange.drain();
    expect([await licence(), await bytes(url)]).toEqual([{ state: 'ACTIVE', stateReason: null }, 206]);
  });

  it('a buyer who is put on a list of restricted recipients gets nothing more, and goes on once he is off it', async () => {
    const { officer } = market;
    const url = await token();
    const { id: partyId } = await done(officer, 'proposeRestrictedParty', 'RestrictedParty', 'id', { list: 'pipl_42', name: 'Straits Analytics Pte. Ltd.', organisationId: buyerId, effectiveFrom: '2026-01-01', source: 'announcement 9 of 2026' });
    expect(await officer.mutate('confirmRestrictedParty', 'RestrictedParty', 'id', { partyId })).toMatchObject({ code: 'compliance.second_officer_needed' });
    expect(await bytes(url)).toBe(206);
    await done(second, 'confirmRestrictedParty', 'RestrictedParty', 'id', { partyId });
    const refused = await order({ ...orderOf(offerId), endUse: END_USE });
    expect(refused).toMatchObject({ __typename: 'TransferRefused', message: 'the transfer is not permitted: the law prohibits it (cn.recipient.restricted: PIPL Art. 42)', decision: { outcome: 'PROHIBITED', needs: [] } });
    expect(await bytes(url)).toContain('PIPL Art. 42');
    await exchange.drain();
    expect(await licence()).toMatchObject({ state: 'SUSPENDED' });
    await done(officer, 'removeRestrictedParty', 'RestrictedParty', 'id', { partyId, reason: 'another company of that name' });
    await done(second, 'confirmRestrictedParty', 'RestrictedParty', 'id', { partyId });
    await exchange.drain();
    expect([(await licence()).state, await bytes(url)]).toEqual(['ACTIVE', 206]);
  });

  it('a false declaration stops deliveries from the moment it is confirmed until it is cleared', async () => {
    const { officer, buyer } = market;
    const url = await token();
    const { id: findingId } = await done(officer, 'raiseFinding', 'ComplianceFinding', 'id', { kind: 'FALSE_DECLARATION', severity: 'HIGH', organisationId: buyerId, orderId, details: 'The data was used in Vladivostok.', internalNote: 'a tip' });
    expect(await officer.mutate('confirmFinding', 'ComplianceFinding', 'id', { findingId, reason: 'it is so' })).toMatchObject({ code: 'compliance.second_officer_needed' });
    expect(await bytes(url)).toBe(206);
    await done(second, 'confirmFinding', 'ComplianceFinding', 'id', { findingId, reason: 'the end user says so' });
    expect(await bytes(url)).toContain('until it is cleared');
    await exchange.drain();
    expect([(await licence()).state, (await licence(harmless)).state]).toEqual(['SUSPENDED', 'ACTIVE']);
    const { myFindings } = await buyer.ask<{ myFindings: { nodes: object[] } }>('{ myFindings(state: CONFIRMED) { nodes { kind details reason internalNote } } }');
    expect(myFindings.nodes).toEqual([{ kind: 'FALSE_DECLARATION', details: 'The data was used in Vladivostok.', reason: 'the end user says so', internalNote: null }]);
    expect(await second.mutate('clearFinding', 'ComplianceFinding', 'id', { findingId, reason: 'deleted there' })).toMatchObject({ code: 'compliance.second_officer_needed' });
    await done(officer, 'clearFinding', 'ComplianceFinding', 'id', { findingId, reason: 'deleted there' });
    await exchange.drain();
    expect([(await licence()).state, await bytes(url)]).toEqual(['ACTIVE', 206]);
  });

  it('a certificate of the recipient releases an order from Singapore to Korea, and bites at once when it is revoked', async () => {
    const { officer } = market;
    const [vendor, buyer] = (await Promise.all(['sg-vendor', 'kr-buyer'].map((s) => exchange.client(s)))) as [GraphClient, GraphClient];
    await join(officer, vendor, 'Raffles Flows', { jurisdiction: 'SG' }, 'UEN', '197200078R');
    await join(officer, buyer, 'Busan Data', { jurisdiction: 'KR' }, 'LEI', '549300GFX6WN7JDUSN34');
    const product = await listedProduct(exchange, { ...market, vendor }, [csvFile(300)], { persons: '500', collectedIn: 'OVERSEAS' });
    const { id: offer } = await done(vendor, 'createOffer', 'Offer', 'id', offerOf(product.productId, { destinations: ['KR'] }));
    const { placeOrder: waits } = await buyer.ask<{ placeOrder: Ordered }>(ORDER, { input: { offerId: offer, purpose: 'RESEARCH', destination: 'KR' } });
    expect(waits).toMatchObject({ __typename: 'AwaitingClearance', pendingOrder: { needs: [['sg_contract']] } });
    await exchange.drain();
    expect(await casesOf(vendor)).toMatchObject([{ kind: 'TRANSFER_MECHANISM', mechanism: 'sg_contract' }]);
    const paper = { scheme: 'GLOBAL_CBPR', number: 'G-2026-7', issuingBody: 'KISA', grantedIn: 'KR', scope: 'Customer analytics', dataKinds: ['contact_data'], firstDay: '2026-06-01', lastDay: '2027-05-31', registerUrl: 'https://register.example/G-2026-7' };
    const { id: certificateId } = await done(buyer, 'submitCertificate', 'RegisteredCertificate', 'id', paper);
    await done(officer, 'verifyCertificate', 'RegisteredCertificate', 'id', { certificateId, note: 'found in the directory of the Forum' });
    await done(second, 'confirmCertificate', 'RegisteredCertificate', 'id', { certificateId });
    await exchange.drain();
    const { pendingOrders } = await buyer.ask<{ pendingOrders: { nodes: { state: string; agreementId: string }[] } }>('{ pendingOrders { nodes { state agreementId } } }');
    const { agreementId } = pendingOrders.nodes[0]!;
    const { agreement } = await buyer.ask<{ agreement: { licence: { id: string } } }>(`query($id: ID!) { agreement(id: $id) { licence { id } decision { ${VERDICT} } } }`, { id: agreementId });
    expect(agreement).toMatchObject({ decision: { outcome: 'CERTIFICATION', permitted: true, reasons: expect.arrayContaining([expect.objectContaining({ citation: 'PDPR 2021 reg. 12' })]) as unknown } });
    await done(buyer, 'payTrade', 'Payment', 'id', { tradeId: await tradeOf(buyer, agreementId, 'PURCHASE') });
    const { url } = await done<{ url: string }>(buyer, 'requestDownload', 'DownloadGrant', 'url', { licenceId: agreement.licence.id, assetId: product.assetIds[0] });
    expect(await bytes(url)).toBe(206);
    await done(officer, 'revokeCertificate', 'RegisteredCertificate', 'id', { certificateId, reason: 'withdrawn by its body' });
    expect(await bytes(url)).toContain('it needs sg_contract');
    await exchange.drain();
    for (const side of [vendor, buyer]) expect(await noticesOf(side)).toMatchObject([{ objectId: agreement.licence.id, kind: 'SUSPENDED' }]);
  });

  it('decides files on the command line, and says what is wrong with one', () => {
    const decide = (...args: string[]) => spawnSync(process.execPath, ['dist/apps/decide/src/main.js', ...args], { encoding: 'utf8' });
    const good = decide('test/fixtures/decision-cases.json');
    expect([good.status, good.stderr]).toEqual([0, expect.stringMatching(/^\d{2,} cases, 0 disagree with what they expect\n$/)]);
    for (const line of good.stdout.trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('id');
    const file = path.join(exchange.dataDir, 'cases.json');
    for (const [content, says] of [['{"cases": [{"id"', 'JSON'], ['{}', 'a decision file has a list'], ['{"cases": [{"input": {}}]}', 'cases[0]: an object with an id']] as const) {
      writeFileSync(file, content);
      expect(decide(file)).toMatchObject({ status: 2, stdout: '', stderr: expect.stringMatching(new RegExp(`cases\\.json: .*${says.replace(/[[\]]/g, '\\$&')}`)) as string });
    }
    expect(decide()).toMatchObject({ status: 2, stderr: 'usage: npm run decide -- cases.json\n' });
  });
});
