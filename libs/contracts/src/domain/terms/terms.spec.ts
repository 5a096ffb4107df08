import fc from 'fast-check';
import { type Judgement, judge, type UseRequest } from './evaluate.js';
import { isLogical, type Policy } from './policy.js';
import { readPolicy } from './read-policy.js';
import { renderPolicy } from './render.js';
import { fromTemplate, TEMPLATES, type TemplateParameters } from './templates.js';
import { ACTIONS, type ActionName, ODRL, TO_BE_STATED } from './vocabulary.js';
import { deletionDuty, endOfUse, type TermsDraft, termsOf, whyNot } from './licence-terms.js';
import { seatsOf } from '../users/named-users.js';
import { writePolicy } from './write-policy.js';

const BUYER = '0198a7f0-0000-7000-8000-000000000001';
const OTHER = '0198a7f0-0000-7000-8000-000000000002';
const NOW = new Date('2026-11-23T08:00:00Z');
const parameters: TemplateParameters = { purposes: ['RESEARCH'], territories: ['SG', 'CN'], declaredUsers: false, alsoFor: [], until: null, namedUsers: null, maxDownloads: null, attribution: null, deletionWithin: null };
const request = (over: Partial<UseRequest> = {}): UseRequest =>
  ({ action: 'use', purpose: 'RESEARCH', places: ['SG'], recipients: [[BUYER, 'ASSIGNEE']], at: NOW, began: null, before: 0n, named: null, mediaType: null, ...over });
const stated = (permitted: readonly ActionName[] = []) => TO_BE_STATED.map((action) => ({ action, permitted: permitted.includes(action) }));
/** A policy with every action that has to be stated prohibited, but those that the document itself permits. */
const policyOf = (permission: object[], more: object = {}): Policy => {
  const named = new Set(permission.flatMap((p) => ('action' in p ? [p.action] : [])));
  const read = readPolicy({ permission, prohibition: stated().filter((s) => !named.has(s.action)).map(({ action }) => ({ action })), ...more });
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  return read;
};
const problemsOf = (document: unknown) => { const read = readPolicy(document); return 'problems' in read ? read.problems : []; };
const clauseOf = (j: Judgement) => (j.permitted ? `+${j.clause.uid}` : `-${j.kind}:${j.clause?.uid ?? ''}${j.failed && !isLogical(j.failed) ? `:${j.failed.operand}` : ''}`);

describe('reading ODRL', () => {
  it('takes terms short, with prefix and in full', () => {
    for (const prefix of ['', 'odrl:', ODRL]) {
      const policy = policyOf([{ action: `${prefix}use`, constraint: { leftOperand: `${prefix}purpose`, operator: { '@id': `${prefix}isAnyOf` }, rightOperand: [{ '@id': 'https://w3id.org/dpv#AcademicResearch' }, 'MARKETING'] } }]);
      expect(policy.permissions).toEqual([{ uid: 'permission-1', action: 'use', duties: [], conditions: [{ operand: 'purpose', operator: 'isAnyOf', values: ['ACADEMIC_RESEARCH', 'MARKETING'] }] }]);
    }
  });
  it('refuses words of ODRL that read like trade, with what they mean', () => {
    for (const action of ['sell', 'transfer', 'export', 'give']) expect(problemsOf({ permission: [{ action }] })[0]).toMatchObject({ path: 'permission.0.action', message: expect.stringContaining(`odrl:${action}`) });
  });
  it('asks about everything that `use` would include unsaid', () => {
    expect(problemsOf({ permission: [{ action: 'use' }] }).map((p) => /whether (\w+)/.exec(p.message)?.[1])).toEqual([...TO_BE_STATED]);
  });
  it.each([
    ['a list', [], ''], ['nothing permitted', { prohibition: stated().map(({ action }) => ({ action })) }, 'permission'],
    ['an operand nobody can judge', { permission: [{ action: 'use', constraint: [{ leftOperand: 'virtualLocation', operator: 'eq', rightOperand: 'x' }] }] }, 'permission.0.constraint.0.leftOperand'],
    ['an operator that does not fit', { permission: [{ action: 'use', constraint: [{ leftOperand: 'spatial', operator: 'lt', rightOperand: 'SG' }] }] }, 'permission.0.constraint.0.operator'],
    ['an unknown country', { permission: [{ action: 'use', constraint: [{ leftOperand: 'spatial', operator: 'isAnyOf', rightOperand: ['SG', 'XX'] }] }] }, 'permission.0.constraint.0.rightOperand.1'],
    ['a day that does not exist', { permission: [{ action: 'use', constraint: [{ leftOperand: 'dateTime', operator: 'lt', rightOperand: '2026-02-31T00:00:00Z' }] }] }, 'permission.0.constraint.0.rightOperand'],
    ['a duration of hours', { permission: [{ action: 'use', constraint: [{ leftOperand: 'elapsedTime', operator: 'lteq', rightOperand: 'PT1H' }] }] }, 'permission.0.constraint.0.rightOperand'],
    ['two values for one', { permission: [{ action: 'use', constraint: [{ leftOperand: 'spatial', operator: 'eq', rightOperand: ['SG', 'HK'] }] }] }, 'permission.0.constraint.0.rightOperand'],
    ['a key that is not understood', { permission: [{ action: 'use', remedy: {} }] }, 'permission.0.remedy'],
    ['another conflict strategy', { conflict: 'perm', permission: [{ action: 'use' }] }, 'conflict'],
    ['another profile', { profile: 'https://example.org/p', permission: [{ action: 'use' }] }, 'profile'],
    ['two clauses of one name', { permission: [{ uid: 'a', action: 'use' }, { uid: 'a', action: 'read' }] }, 'permission.1.uid'],
    ['a contradiction', { permission: [{ action: 'use' }, { action: 'derive' }], prohibition: stated().map(({ action }) => ({ action })) }, 'permission'],
  ])('refuses %s by its path', (_, document, path) => expect(problemsOf(document).map((p) => p.path)).toContain(path));
  it('stops at nesting that nobody reads, and at a number of problems', () => {
    const deep = (n: number): object => (n === 0 ? { leftOperand: 'spatial', operator: 'eq', rightOperand: 'SG' } : { and: [deep(n - 1)] });
    expect(problemsOf({ permission: [{ action: 'use', constraint: deep(5) }] })[0]!.message).toMatch(/nest at most/);
    expect(problemsOf({ permission: Array.from({ length: 1_000 }, () => ({ action: 'x' })) })).toHaveLength(20);
  });
  it('never throws, whatever it is handed', () => fc.assert(fc.property(fc.jsonValue(), fc.jsonValue(), (permission, prohibition) => void readPolicy({ permission, prohibition }))));
  it('reads back what it writes', () => fc.assert(fc.property(fc.constantFrom(...TEMPLATES), templateParameters, (name, p) => {
    const policy = fromTemplate(name, p);
    expect(readPolicy(writePolicy(policy))).toEqual(policy);
  })));
});

const templateParameters: fc.Arbitrary<TemplateParameters> = fc.record({
  purposes: fc.uniqueArray(fc.constantFrom('RESEARCH', 'MARKETING', 'OWN_WORD'), { minLength: 1 }), territories: fc.uniqueArray(fc.constantFrom('SG', 'HK', 'CN', 'CN-SH'), { minLength: 1 }), declaredUsers: fc.boolean(), alsoFor: fc.constantFrom([], [OTHER]),
  until: fc.constantFrom(null, '2027-01-01T00:00:00.000Z'), namedUsers: fc.constantFrom(null, '5'), maxDownloads: fc.constantFrom(null, '3'), attribution: fc.constantFrom(null, 'Source: Lingang'), deletionWithin: fc.constantFrom(null, 'P30D', 'P1M'),
});

describe('judging a use', () => {
  const internal = fromTemplate('INTERNAL_USE', parameters);
  it.each<[string, Partial<UseRequest>, string]>([
    ['own research in Singapore', {}, '+use'],
    ['a kind of the purpose', { purpose: 'ACADEMIC_RESEARCH' }, '+use'],
    ['another purpose', { purpose: 'MARKETING' }, '-PERMISSION:use:purpose'],
    ['a subdivision of a permitted country', { places: ['CN-SH'] }, '+use'],
    ['another country', { places: ['US'] }, '-PERMISSION:use:spatial'],
    ['one of two places', { places: ['SG', 'US'] }, '-PERMISSION:use:spatial'],
    ['a stranger', { recipients: [[BUYER, 'ASSIGNEE'], [OTHER]] }, '-PERMISSION:use:recipient'],
    ['reading, which use includes', { action: 'read' }, '+use'],
    ['extracting, two steps below', { action: 'extract' }, '+use'],
    ['passing on, which is prohibited though use includes it', { action: 'distribute' }, '-PROHIBITION:no-distribute'],
  ])('%s', (_, over, expected) => expect(clauseOf(judge(internal, request(over)))).toBe(expected));

  it('lets a permission of use carry nothing that has to be stated', () => {
    const policy = policyOf([{ uid: 'all', action: 'use' }, { uid: 'in-cn', action: 'distribute', constraint: { leftOperand: 'spatial', operator: 'eq', rightOperand: 'CN' } }]);
    expect(['SG', 'CN'].map((place) => clauseOf(judge(policy, request({ action: 'distribute', places: [place] }))))).toEqual(['-PERMISSION:in-cn:spatial', '+in-cn']);
  });
  it('asks about formats when a file is asked for', () => {
    const csv = { leftOperand: 'fileFormat', operator: 'eq', rightOperand: 'text/csv' };
    const only = policyOf([{ uid: 'csv', action: 'use', constraint: csv }]);
    const but = policyOf([{ uid: 'all', action: 'use' }], { prohibition: [...stated().map(({ action }) => ({ action })), { uid: 'no-csv', action: 'use', constraint: csv }] });
    const asked = [null, 'text/csv', 'application/json'].map((mediaType) => request({ mediaType }));
    expect(asked.map((r) => clauseOf(judge(only, r)))).toEqual(['+csv', '+csv', '-PERMISSION:csv:fileFormat']);
    expect(asked.map((r) => clauseOf(judge(but, r)))).toEqual(['+all', '-PROHIBITION:no-csv', '+all']);
  });
  it('forbids what nothing permits', () => expect(clauseOf(judge(policyOf([{ action: 'read' }]), request({ action: 'index' })))).toBe('-NONE:'));
  it('counts, and looks at the clock', () => {
    const policy = fromTemplate('INTERNAL_USE', { ...parameters, maxDownloads: '2', until: '2026-12-01T00:00:00.000Z' });
    expect([0n, 1n, 2n].map((before) => judge(policy, request({ before })).permitted)).toEqual([true, true, false]);
    expect(clauseOf(judge(policy, request({ at: new Date('2026-12-01T00:00:00Z') })))).toBe('-PERMISSION:use:dateTime');
    // What is under way was counted when it began; the clock goes on.
    expect([request({ before: null }), request({ before: null, at: new Date('2026-12-01T00:00:00Z') })].map((r) => clauseOf(judge(policy, r)))).toEqual(['+use', '-PERMISSION:use:dateTime']);
  });
  it('counts users by name where somebody asks for himself', () => {
    const policy = fromTemplate('INTERNAL_USE', { ...parameters, namedUsers: '2' });
    expect([null, 1, 2, 3, Infinity].map((named) => clauseOf(judge(policy, request({ named }))))).toEqual(['+use', '+use', '+use', '-PERMISSION:use:namedUsers', '-PERMISSION:use:namedUsers']);
    expect(JSON.stringify(writePolicy(policy))).toContain('"leftOperand":"urn:entrepot:odrl-profile:1#namedUsers"');
    const seats = { leftOperand: 'urn:entrepot:odrl-profile:1#namedUsers', operator: 'lt', rightOperand: '4' };
    const own = policyOf([{ uid: 'few', action: 'use', constraint: [seats] }, { uid: 'one', action: 'use', constraint: { ...seats, operator: 'lteq', rightOperand: 1 } }]);
    expect([seatsOf(own), seatsOf(policy), seatsOf(fromTemplate('INTERNAL_USE', parameters))]).toEqual([3, 2, null]);
    // Not ODRL's own word, nowhere but with a permission of use, and not as one of several ways.
    const wrong = [[{ action: 'use', constraint: { ...seats, leftOperand: 'namedUsers' } }], [{ action: 'use', constraint: { or: [seats] } }], [{ action: 'use' }, { action: 'read', constraint: seats }]];
    expect(wrong.map((permission) => problemsOf({ permission, prohibition: stated().map(({ action }) => ({ action })) })[0]!.path)).toEqual(['permission.0.constraint.0.leftOperand', 'permission', 'permission']);
  });
  it('counts elapsed time from the beginning of the licence', () => {
    const policy = policyOf([{ uid: 'u', action: 'use', constraint: { leftOperand: 'elapsedTime', operator: 'lteq', rightOperand: 'P1M' } }]);
    expect(judge(policy, request({ began: null })).permitted).toBe(true);
    expect([['2026-10-23T08:00:00Z', true], ['2026-10-23T07:59:59Z', false]].map(([began]) => judge(policy, request({ began: new Date(began as string) })).permitted)).toEqual([true, false]);
  });
  it('holds a prohibition where it cannot tell, and not a permission', () => {
    const inShanghai = { leftOperand: 'spatial', operator: 'eq', rightOperand: 'CN-SH' };
    expect(clauseOf(judge(policyOf([{ uid: 'p', action: 'use', constraint: inShanghai }]), request({ places: ['CN'] })))).toBe('-PERMISSION:p:spatial');
    const read = readPolicy({ permission: [{ action: 'use' }], prohibition: [...stated().map(({ action }) => ({ action })), { uid: 'x', action: 'read', constraint: inShanghai }] }) as Policy;
    expect(clauseOf(judge(read, request({ action: 'read', places: ['CN'] })))).toBe('-PROHIBITION:x');
  });
  it('understands or, and exactly one', () => {
    const at = (place: string) => ({ leftOperand: 'spatial', operator: 'eq', rightOperand: place });
    const forMarketing = { leftOperand: 'purpose', operator: 'eq', rightOperand: 'MARKETING' };
    const either = policyOf([{ action: 'use', constraint: { or: [at('SG'), forMarketing] } }]);
    const one = policyOf([{ action: 'use', constraint: { xone: [at('SG'), forMarketing] } }]);
    const asked = [request(), request({ purpose: 'MARKETING' }), request({ places: ['HK'] })];
    expect(asked.map((r) => judge(either, r).permitted)).toEqual([true, true, false]);
    expect(asked.map((r) => judge(one, r).permitted)).toEqual([true, false, false]);
  });
  it('owes the duties of the clause and every obligation', () => {
    const found = judge(fromTemplate('REDISTRIBUTION', { ...parameters, attribution: 'Lingang' }), request({ action: 'distribute', recipients: [[OTHER]] }));
    expect(found.permitted && found.duties.map((d) => d.action)).toEqual(['nextPolicy', 'inform', 'attribute']);
  });
  it('one place, one party or one permission more is never milder, one prohibition more never freer', () => {
    const actions = Object.keys(ACTIONS) as ActionName[];
    fc.assert(fc.property(fc.constantFrom(...TEMPLATES), templateParameters, fc.constantFrom(...actions), fc.constantFrom('SG', 'US', 'CN'), fc.constantFrom(...actions), (name, p, action, place, banned) => {
      const policy = fromTemplate(name, p);
      const asked = request({ action, purpose: 'RESEARCH' });
      const { permitted } = judge(policy, asked);
      if (!permitted) {
        expect(judge(policy, { ...asked, places: [...asked.places, place] }).permitted).toBe(false);
        expect(judge({ ...policy, prohibitions: [...policy.prohibitions, { uid: 'more', action: banned, conditions: [], duties: [] }] }, asked).permitted).toBe(false);
      } else expect(judge({ ...policy, permissions: [...policy.permissions, { uid: 'more', action: banned, conditions: [], duties: [] }] }, asked).permitted).toBe(true);
    }));
  });
});

describe('in plain words', () => {
  const policy = fromTemplate('INTERNAL_USE', { ...parameters, attribution: 'Source: Lingang', deletionWithin: 'P30D', maxDownloads: '12' });
  it('in English', () => expect(renderPolicy(policy, 'en').map((c) => `${c.uid}: ${c.text}`)).toEqual([
    'use: The licensee may use the data for the purpose of research and development, in China, Singapore, by or to the licensee, at most 12 times.',
    'no-distribute: The licensee must not pass the data on to others.',
    'no-grantUse: The licensee must not grant others the use of the data.',
    'no-derive: The licensee must not derive new data from it.',
    'no-commercialize: The licensee must not use the data commercially.',
    'attribution: The licensee must name the source: "Source: Lingang".',
    'deletion: The licensee must delete the data within 30 days of its end.',
  ]));
  it('in Chinese', () => {
    const texts = renderPolicy(policy, 'zh').map((c) => c.text);
    expect(texts[0]).toBe('被许可方可以为研究与开发之目的、在中国、新加坡境内、由或向被许可方、最多12次使用数据。');
    expect(texts.at(-1)).toBe('被许可方必须在许可结束后30日内删除数据。');
  });
  it('says something of every clause of every template', () => fc.assert(fc.property(fc.constantFrom(...TEMPLATES), templateParameters, fc.constantFrom('en' as const, 'zh' as const), (name, p, language) => {
    const { permissions, prohibitions, obligations } = fromTemplate(name, p);
    const clauses = renderPolicy({ permissions, prohibitions, obligations }, language);
    expect(clauses).toHaveLength(permissions.length + prohibitions.length + obligations.length);
    for (const { text } of clauses) expect(text).not.toMatch(/undefined|\[object|P30D/);
  })));
});

describe('terms of an offer', () => {
  const draft = (over: Partial<TermsDraft> = {}): TermsDraft =>
    ({ template: 'INTERNAL_USE', policy: null, parameters: { declaredUsers: false, alsoFor: [], until: null, namedUsers: null, maxDownloads: null, attribution: null, deletionWithin: null }, termination: { vendorNoticeDays: null, buyerNoticeDays: null }, ...over });
  const of = (over: Partial<TermsDraft>) => termsOf(draft(over), ['RESEARCH'], ['SG'], NOW);

  it('come from a template, or from a policy that permits what is offered', () => {
    const own = JSON.stringify(writePolicy(fromTemplate('DERIVED_PRODUCTS', parameters)));
    expect(of({})).toMatchObject({ template: 'INTERNAL_USE', policy: { permissions: [{ uid: 'use' }] } });
    expect(of({ template: null, policy: own })).toMatchObject({ template: null, policy: { permissions: [{ uid: 'use' }, { uid: 'derive' }, { uid: 'commercialize' }] } });
    expect(termsOf(draft({ template: null, policy: own }), ['MARKETING'], ['SG'], NOW)).toMatchObject({ problems: [{ path: 'policy', message: expect.stringContaining('for MARKETING in SG') }] });
  });
  it.each<[string, Partial<TermsDraft>, string]>([
    ['no policy', { template: null }, 'policy'], ['no JSON', { template: null, policy: '{' }, 'policy'], ['a problem within', { template: null, policy: '{"permission":[{"action":"sell"}]}' }, 'policy.permission.0.action'],
    ['a notice of nothing', { termination: { vendorNoticeDays: 0, buyerNoticeDays: null } }, 'vendorNoticeDays'],
    ['parameters that are none', { parameters: { declaredUsers: false, alsoFor: ['nobody'], until: null, namedUsers: null, maxDownloads: null, attribution: null, deletionWithin: null } }, 'permission.0.constraint.2.rightOperand.1'],
  ])('are refused for %s', (_, over, path) => expect(of(over)).toMatchObject({ problems: [{ path }] }));
  it('name the clause that decided, and what of it is not fulfilled', () => {
    const refused = (over: Partial<UseRequest>) => { const found = judge(fromTemplate('INTERNAL_USE', parameters), request(over)); return found.permitted ? null : [whyNot(found, 'en'), whyNot(found, 'zh')]; };
    expect(refused({ places: ['US'] })).toEqual([
      'clause use: The licensee may use the data for the purpose of research and development, in China, Singapore, by or to the licensee. (not fulfilled: in China, Singapore)',
      '条款“use”：被许可方可以为研究与开发之目的、在中国、新加坡境内、由或向被许可方使用数据。（未满足：在中国、新加坡境内）']);
    expect(refused({ action: 'distribute' })![0]).toBe('clause no-distribute: The licensee must not pass the data on to others.');
  });
  it('say when all use ends, and by when the data is gone', () => {
    const ending = fromTemplate('INTERNAL_USE', { ...parameters, until: '2027-01-01T00:00:00.000Z', deletionWithin: 'P1M' });
    expect([endOfUse(ending, NOW)?.toISOString(), endOfUse(fromTemplate('INTERNAL_USE', parameters), NOW), deletionDuty(ending, new Date('2027-01-31T00:00:00Z')), deletionDuty(fromTemplate('INTERNAL_USE', parameters), NOW)])
      .toEqual(['2027-01-01T00:00:00.000Z', null, { clause: 'deletion', dueAt: new Date('2027-02-28T00:00:00Z') }, null]);
    const twice = { ...ending, obligations: [...ending.obligations, { uid: 'sooner', action: 'delete' as const, conditions: [{ operand: 'delayPeriod' as const, operator: 'eq' as const, values: ['P2D'] }], text: null }, { uid: 'unsaid', action: 'delete' as const, conditions: [], text: null }] };
    expect(deletionDuty(twice, new Date('2027-01-31T00:00:00Z'))).toEqual({ clause: 'sooner', dueAt: new Date('2027-02-02T00:00:00Z') });
    expect(endOfUse(policyOf([{ action: 'use', constraint: { leftOperand: 'elapsedTime', operator: 'lteq', rightOperand: 'P1M' } }]), NOW)?.toISOString()).toBe('2026-12-23T08:00:00.000Z');
  });
});
