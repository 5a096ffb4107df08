import { isPlainText } from '#shared';
import { Findings, isObject, type JsonObject, listOf, onlyKnown, type PolicyProblem, termOf } from './json-ld.js';
import { type Duty, isLogical, mentions, type Policy, type Rule } from './policy.js';
import { readConditions } from './read-conditions.js';
import { readTargets } from './parts/read-target.js';
import { ACTIONS, type ActionName, DUTIES, isAction, isDuty, MISLEADING, PROFILE, TO_BE_STATED } from './vocabulary.js';

const MOST_RULES = 40;
const MOST_DUTIES = 10;
const MOST_TEXT = 2_000;
const UID = /^[A-Za-z0-9][A-Za-z0-9._:/#-]{0,199}$/;
const POLICY_KEYS = ['@context', '@type', '@id', 'uid', 'profile', 'conflict', 'permission', 'prohibition', 'obligation', 'target'];
const TYPES = ['Set', 'Offer', 'Agreement'];

/** Reads licence terms of a stranger: an ODRL 2.2 policy as JSON-LD in compact form. Answers the policy, or everything that is wrong with it, by path. Pure. */
export function readPolicy(document: unknown): Policy | { readonly problems: readonly PolicyProblem[] } {
  const findings = new Findings();
  if (!isObject(document)) return { problems: [{ path: '', message: 'an ODRL policy: a JSON object' }] };
  readFrame(document, findings);
  const seen = new Set<string>();
  const targets = readTargets(document.target, findings);
  const policy: Policy = {
    permissions: readRules(document.permission, 'permission', seen, findings),
    prohibitions: readRules(document.prohibition, 'prohibition', seen, findings),
    obligations: readDuties(document.obligation, 'obligation', seen, findings),
    ...(targets ? { targets } : {}),
  };
  if (findings.list.length === 0) checkWhole(policy, findings);
  return findings.list.length > 0 ? { problems: findings.list } : policy;
}

function readFrame(document: JsonObject, findings: Findings): void {
  onlyKnown(document, POLICY_KEYS, '', findings);
  const type = document['@type'];
  if (type !== undefined && !TYPES.includes(termOf(type) ?? '')) findings.add('@type', `one of ${TYPES.join(', ')}`);
  if (document.profile !== undefined && listOf(document.profile).some((p) => p !== PROFILE)) findings.add('profile', `of this exchange: ${PROFILE}`);
  if (document.conflict !== undefined && termOf(document.conflict) !== 'prohibit') findings.add('conflict', 'prohibit: a prohibition prevails');
}

function readRules(value: unknown, kind: 'permission' | 'prohibition', seen: Set<string>, findings: Findings): Rule[] {
  const all = listOf(value);
  if (all.length > MOST_RULES) findings.add(kind, `at most ${MOST_RULES}`);
  return all.slice(0, MOST_RULES).flatMap((one, i) => readRule(one, kind, i, seen, findings));
}

function readRule(value: unknown, kind: 'permission' | 'prohibition', index: number, seen: Set<string>, findings: Findings): Rule[] {
  const path = `${kind}.${index}`;
  if (!isObject(value)) return findings.add(path, 'a rule') ?? [];
  onlyKnown(value, ['@type', '@id', 'uid', 'action', 'constraint', ...(kind === 'permission' ? ['duty'] : [])], path, findings);
  const conditions = readConditions(value.constraint, `${path}.constraint`, findings);
  const uid = readUid(value, `${kind}-${index + 1}`, path, seen, findings);
  const duties = kind === 'permission' ? readDuties(value.duty, `${path}.duty`, seen, findings) : [];
  const actions = listOf(value.action);
  if (actions.length === 0) findings.add(`${path}.action`, 'an action');
  return actions.slice(0, MOST_RULES).flatMap((action, i) => {
    const name = readAction(action, `${path}.action`, findings);
    return name ? [{ uid: actions.length > 1 ? `${uid}.${i + 1}` : uid, action: name, conditions, duties }] : [];
  });
}

function readAction(value: unknown, path: string, findings: Findings): ActionName | null {
  const name = termOf(value);
  if (name !== null && isAction(name)) return name;
  return findings.add(path, name !== null && Object.hasOwn(MISLEADING, name) ? MISLEADING[name]! : `one of ${Object.keys(ACTIONS).join(', ')}`);
}

function readDuties(value: unknown, path: string, seen: Set<string>, findings: Findings): Duty[] {
  const all = listOf(value);
  if (all.length > MOST_DUTIES) findings.add(path, `at most ${MOST_DUTIES}`);
  return all.slice(0, MOST_DUTIES).flatMap((one, i) => {
    const at = `${path}.${i}`;
    if (!isObject(one)) return findings.add(at, 'a duty') ?? [];
    onlyKnown(one, ['@type', '@id', 'uid', 'action', 'constraint', 'text'], at, findings);
    const name = termOf(one.action);
    if (name === null || !isDuty(name)) return findings.add(`${at}.action`, `one of ${Object.keys(DUTIES).join(', ')}`) ?? [];
    const { text = null } = one;
    if (text !== null && (typeof text !== 'string' || text === '' || text.length > MOST_TEXT || !isPlainText(text))) return findings.add(`${at}.text`, `plain text of at most ${MOST_TEXT} characters`) ?? [];
    const conditions = readConditions(one.constraint, `${at}.constraint`, findings);
    return [{ uid: readUid(one, `${path.replaceAll('.', '-')}-${i + 1}`, at, seen, findings), action: name, conditions, text: text === null ? null : text.normalize('NFC') }];
  });
}

function readUid(value: JsonObject, otherwise: string, path: string, seen: Set<string>, findings: Findings): string {
  const given = value.uid ?? value['@id'];
  const uid = given === undefined ? otherwise : given;
  if (typeof uid !== 'string' || !UID.test(uid)) findings.add(`${path}.uid`, 'letters, digits and . _ : / # -');
  else if (seen.has(uid)) findings.add(`${path}.uid`, 'another clause has this name');
  else seen.add(uid);
  return String(uid);
}

/** What no single clause shows. */
function checkWhole({ permissions, prohibitions }: Policy, findings: Findings): void {
  if (permissions.length === 0) findings.add('permission', 'at least one: without one the licence is for nothing');
  for (const action of TO_BE_STATED) {
    const stated = [...permissions, ...prohibitions].some((r) => r.action === action);
    if (!stated) findings.add('', `say whether ${action} is permitted or prohibited: ODRL's use includes it`);
  }
  // Who is named is known of a download and of nothing else: elsewhere it would be a promise that nobody keeps.
  for (const rule of [...permissions, ...prohibitions]) {
    const counted = rule.action === 'use' && permissions.includes(rule) ? rule.conditions.filter(isLogical) : rule.conditions;
    if (mentions(counted, 'namedUsers')) findings.add('permission', `${rule.uid}: namedUsers limits a permission of use, by itself and not within and, or, xone`);
  }
  const banned = prohibitions.find((r) => r.action === 'use' && r.conditions.length === 0);
  if (banned) findings.add('prohibition', `${banned.uid} forbids every use`);
  for (const permission of permissions) {
    const contrary = prohibitions.find((p) => p.action === permission.action && p.conditions.length === 0);
    if (contrary && contrary !== banned) findings.add('permission', `${permission.uid} permits what ${contrary.uid} forbids`);
  }
}
