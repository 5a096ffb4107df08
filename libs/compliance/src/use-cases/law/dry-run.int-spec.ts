import { readFileSync } from 'node:fs';
import { type Decision, packagedLaw } from '#compliance';
import { canonicalHash, decodeJson, newId, trustCallsOutsideRequests } from '#shared';
import type { GraphClient } from '../../../../../test/support/client.js';
import { TestClock } from '../../../../../test/support/clock.js';
import { startExchange, type TestExchange } from '../../../../../test/support/exchange.js';
import { enlist, hire, type Market, openMarket } from '../../../../../test/support/market.js';
import { playTrade } from '../../../../../test/support/trade.js';
import { isInForce } from '../../domain/law/in-force.js';
import { replay } from '../../domain/replay.js';
import { DecisionRepository } from '../../storage/decision.repository.js';
import { CurrentLaw } from './current-law.js';

trustCallsOutsideRequests();

const ASK = `query($facts: String!) { decideTransfer(input: { facts: $facts }) { __typename
  ... on TransferDryRun { outcome permitted mechanisms needs filings { type to deadline } obligations considered asOf rulebookHash reasons { rule citation confidence guideline guidelineText } }
  ... on Problem { code message } ... on InvalidInput { fields { path message } } ... on FactsMissing { missing } } }`;
type Answer = { __typename: string; outcome?: string; fields?: { path: string }[]; missing?: string[]; asOf?: string; reasons?: { guidelineText: string }[] };
const REPLAY = 'query($id: ID!) { replayDecision(id: $id) { same differences rulebookHash } }';

describe('asked beforehand and worked out again', () => {
  const clock = new TestClock(new Date('2026-11-23T01:00:00Z'));
  let exchange: TestExchange;
  let market: Market;
  let auditor: GraphClient;
  beforeAll(async () => {
    exchange = await startExchange({ clock });
    market = await openMarket(exchange);
    await playTrade(exchange, market, await hire(exchange, market.admin, 'settler', 'SETTLEMENT_OFFICER'));
    auditor = await exchange.client('auditor');
    await enlist(market.admin, auditor, 'Auditor', 'AUDITOR');
  });
  afterAll(() => exchange.close());

  const ask = async (client: GraphClient, facts: unknown): Promise<Answer | null> => (await client.ask<{ decideTransfer: Answer | null }>(ASK, { facts: typeof facts === 'string' ? facts : JSON.stringify(facts) })).decideTransfer;
  const FACTS = { origin: 'CN', destination: 'SG', thisPI: 100_000 };

  it('tells vendors, buyers and staff what the law would say, and nobody else', async () => {
    for (const client of [market.vendor, market.buyer, market.officer, auditor]) expect(await ask(client, FACTS)).toMatchObject({ __typename: 'TransferDryRun', outcome: 'STANDARD_CONTRACT', permitted: false, needs: [['standard_contract', 'certification']], filings: [{ type: 'standard_contract_filing' }] });
    expect(await ask(await exchange.client('stranger'), FACTS)).toBeNull();
  });

  it('applies the law of the day: that of the facts, or today in Shanghai', async () => {
    expect(await ask(market.vendor, FACTS)).toMatchObject({ asOf: '2026-11-23', rulebookHash: (await packagedLaw()).hash });
    expect(await ask(market.vendor, { ...FACTS, asOf: '2024-03-21' })).toMatchObject({ outcome: 'MANUAL_REVIEW', asOf: '2024-03-21' });
    const midnight = new TestClock(new Date('2026-12-31T16:00:00Z'));
    const newYear = await startExchange({ beside: exchange, clock: midnight });
    expect(await ask(await newYear.client('vendor'), FACTS)).toMatchObject({ asOf: '2027-01-01' });
    await newYear.close();
  });

  it('explains itself in two languages', async () => {
    const answer = await ask(market.vendor, FACTS);
    expect(answer!.reasons![0]).toMatchObject({ guideline: 'cn-contract', guidelineText: expect.stringContaining('# Standard contract or certification') as string });
    const { decideTransfer } = await market.vendor.ask<{ decideTransfer: Answer }>('query($facts: String!) { decideTransfer(input: { facts: $facts }) { ... on TransferDryRun { reasons { guidelineText(language: ZH) } } } }', { facts: JSON.stringify(FACTS) });
    expect(decideTransfer.reasons![0]!.guidelineText).toContain('# 标准合同或认证');
  });

  it('names what is wrong and what is missing', async () => {
    expect(await ask(market.vendor, '{"origin": ')).toMatchObject({ __typename: 'InvalidInput', code: 'compliance.facts_invalid', fields: [{ path: 'facts' }] });
    for (const none of ['[]', 'null', '17', '"x"']) expect(await ask(market.vendor, none)).toMatchObject({ __typename: 'InvalidInput', fields: [{ path: 'facts' }] });
    expect((await ask(market.vendor, { origin: 'XX', destination: 'SG', thisPI: -1, mood: 'good', asOf: '1789-07-14' }))!.fields!.map((f) => f.path).sort()).toEqual(['facts.asOf', 'facts.mood', 'facts.origin', 'facts.thisPI']);
    expect(await ask(market.vendor, { origin: 'DE', destination: 'CN' })).toMatchObject({ __typename: 'FactsMissing', code: 'compliance.facts_missing', missing: ['personal'] });
    expect(await ask(market.vendor, JSON.stringify({ ...FACTS, sector: 'x'.repeat(20_000) }))).toMatchObject({ __typename: 'InvalidInput', code: 'invalid_input' });
    expect(await ask(market.vendor, '{"__proto__": {"origin": "CN"}, "origin": "CN", "destination": "SG"}')).toMatchObject({ __typename: 'InvalidInput' });
  });

  it('leaves nothing behind', async () => {
    const count = async (): Promise<unknown> => exchange.owner.query('select (select count(*) from compliance.decision) as d, (select count(*) from compliance.volume_movement) as v, (select count(*) from audit.entry) as a');
    const before = await count();
    await ask(market.vendor, { ...FACTS, thisPI: 5 });
    expect(await count()).toEqual(before);
  });

  const all = async (): Promise<Decision[]> => {
    const ids = ((await exchange.owner.query('select id from compliance.decision')) as { id: string }[]).map((r) => r.id);
    return [...(await exchange.app.get(DecisionRepository, { strict: false }).byIds(ids)).values()];
  };

  it('works every stored decision out again: replay of stored decisions', async () => {
    await keepFirstForm(exchange);
    const laws = exchange.app.get(CurrentLaw, { strict: false });
    const decisions = await all();
    for (const decision of decisions) expect([decision.id, decision.considered.at(-1), replay((await laws.behind(decision.rulebookHash))!, decision)]).toEqual([decision.id, decision.considered.at(-1), []]);
    expect(decisions.length).toBeGreaterThan(40);
    for (const { id } of decisions.filter((_, i) => i % 10 === 0)) expect(await auditor.ask(REPLAY, { id })).toMatchObject({ replayDecision: { same: true, differences: [] } });
  });

  it('finds a decision that says something else than its law, and one whose law is not here', async () => {
    const decisions = await all();
    const decision = decisions.find((d) => d.outcome === 'free')!;
    const law = (await exchange.app.get(CurrentLaw, { strict: false }).behind(decision.rulebookHash))!;
    expect(replay(law, { ...decision, outcome: 'exempt', obligations: ['pray'] })).toEqual(['outcome', 'obligations']);
    expect(replay(law, { ...decision, facts: { ...decision.facts, buyerVerified: false } })).toEqual(expect.arrayContaining(['outcome', 'permitted', 'factsHash']));
    const [{ id }] = (await exchange.owner.query(`insert into compliance.decision select gen_random_uuid(), exporter_id, object_id, stage, prior_decision_id, outcome, permitted, mechanisms, filings, obligations, reasons, considered, facts, facts_hash,
      repeat('e', 64), as_of, decided_at, recipient_id, needs, missing from compliance.decision where id = $1 returning id`, [decision.id])) as [{ id: string }];
    expect(await auditor.ask(REPLAY, { id })).toMatchObject({ replayDecision: { same: false, differences: ['law'] } });
    for (const [client, which] of [[market.vendor, decision.id], [market.admin, decision.id], [auditor, newId()], [auditor, 'x']] as const) expect(await client.ask(REPLAY, { id: which })).toEqual({ replayDecision: null });
  });

  it('keeps each text, so that a decision is read with that of its day', async () => {
    const nobody = await exchange.client();
    const guideline = async (at?: string) => (await nobody.ask<{ guideline: { version: string } | null }>('query($at: DateTime) { guideline(id: "cn-contract", language: EN, at: $at) { id language version date title text hash } }', { at })).guideline;
    expect(await guideline()).toMatchObject({ id: 'cn-contract', language: 'EN', version: '2026-11-22', title: 'Standard contract or certification' });
    expect(await guideline('2026-11-22T00:00:00Z')).toBeNull();
    await exchange.owner.query(`insert into compliance.guideline values (repeat('d', 64), 'cn-contract', 'en', 'later', '2027-01-01', 'Later', 'another text', '2027-01-01T00:00:00Z')`);
    expect([await guideline('2026-12-31T00:00:00Z'), await guideline('2027-01-02T00:00:00Z')]).toMatchObject([{ version: '2026-11-22' }, { version: 'later' }]);
    expect(await nobody.ask('{ guideline(id: "nothing") { id } }')).toEqual({ guideline: null });
    for (const change of [`delete from compliance.guideline`, `update compliance.guideline set text = 'x'`, `truncate compliance.guideline`]) await expect(exchange.owner.query(change)).rejects.toThrow('never changed');
  });
});

/** Decisions as they were made before lists and mechanisms were known, with their rulebook. */
async function keepFirstForm({ owner }: TestExchange): Promise<void> {
  const { rulebook, hash, decisions } = JSON.parse(readFileSync('test/fixtures/first-form.json', 'utf8')) as {
    rulebook: { rules: { id: string; effectiveFrom: string; effectiveTo: string | null }[] }; hash: string;
    decisions: { day: string; facts: { exporterId: string }; rule: string; outcome: string; permitted: boolean; mechanisms: string[]; filings: object[]; obligations: string[]; reasons: object[] }[];
  };
  await owner.query(`insert into compliance.law_document (hash, kind, id, version, title, content, origin, loaded_at) values ($1, 'rulebook', 'cn-export', '2024-03-22', 'Export', $2, 'taken at start', now())`, [hash, JSON.stringify(rulebook)]);
  const nowhere = { ...decisions[0]!, facts: { ...decisions[0]!.facts, origin: 'SG' }, rule: 'exchange.no-rulebook', outcome: 'manual_review', permitted: false, mechanisms: [], filings: [], obligations: [],
    reasons: [{ rule: 'exchange.no-rulebook', rulebook: 'exchange', version: '1', citation: 'no rulebook for exports from SG is in force here', confidence: 'verified' }] };
  for (const d of [...decisions, nowhere]) {
    const inForce = rulebook.rules.filter((r) => isInForce(r, d.day)).map((r) => r.id);
    const considered = inForce.includes(d.rule) ? inForce.slice(0, inForce.indexOf(d.rule) + 1) : [d.rule];
    const facts = JSON.stringify(d.facts);
    await owner.query(
      `insert into compliance.decision (id, exporter_id, object_id, stage, prior_decision_id, outcome, permitted, mechanisms, filings, obligations, reasons, considered, facts, facts_hash, rulebook_hash, as_of, decided_at)
       values ($1, $2, 'order', 'ORDER', null, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)`,
      [newId(), d.facts.exporterId, d.outcome, d.permitted, d.mechanisms, JSON.stringify(d.filings), d.obligations, JSON.stringify(d.reasons), considered, facts, canonicalHash(decodeJson(facts)), d === nowhere ? canonicalHash([hash]) : hash, new Date(`${d.day}T04:00:00Z`)],
    );
  }
}
