import { type Act, MEANING, OPEN, type Permission, PERMISSIONS, type Role } from '#identity';
import type { Operation } from './operations.js';

const ROLES: readonly Role[] = ['ORG_ADMIN', 'VENDOR_MANAGER', 'BUYER', 'FINANCE', 'STAFF_ADMIN', 'LISTING_REVIEWER', 'COMPLIANCE_OFFICER', 'SETTLEMENT_OFFICER', 'AUDITOR'];
const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => [row(...head), row(...head.map(() => '---')), ...rows.map((r) => row(...r))];
const code = (text: string): string => `\`${text}\``;

function acts(): string[] {
  const yes = (said: boolean, word: string): string => (said ? word : '');
  const rows = (Object.keys(PERMISSIONS) as Act[]).map((act) => {
    const { roles, verified, key, assurance, staffAssurance } = PERMISSIONS[act] as Permission;
    const [relation, purpose] = MEANING[act];
    return [code(act), relation, ...ROLES.map((r) => yes((roles as readonly Role[]).includes(r), '●')), yes(key, '●'), yes(!verified, '●'), staffAssurance && staffAssurance !== assurance ? `${assurance}, staff ${staffAssurance}` : String(assurance), purpose];
  });
  return table(['act', 'object', ...ROLES.map((r) => r.toLowerCase().replace('_', ' ')), 'API key', 'unverified', 'assurance', 'to'], rows);
}

const asked = ({ asks }: Operation): string => (asks === undefined ? 'nobody' : asks === 'PUBLIC' ? 'PUBLIC' : asks.map((a) => (a in OPEN ? a : code(a))).join(', '));
const operations = (all: readonly Operation[], kind: Operation['kind'], head: string): string[] => table([head, 'asks for'], all.filter((o) => o.kind === kind).map((o) => [code(o.name), asked(o)]));

/** `docs/permissions.md`: the table of permissions, and which act each operation of the built application asks for. */
export function permissionsPage(all: readonly Operation[]): string {
  return [
    '# Who may do what', '',
    'Made by `npm run schema:print` from the code; a test fails when the two differ, and another calls every operation as everybody and compares.', '',
    'What is not here is denied. An act is carried by a role of a verified organisation, or by an API key among whose scopes it is. **object** says whose object the act is done to, as seen from the caller:',
    'OWN, of his organisation; BUYER, his organisation is the buyer; PARTY, it is either side; ANY, whoever\'s; NONE, there is none. An object in another relation looks as if it were not there.',
    '**unverified**: also before the organisation is verified. A suspended organisation carries no act. **assurance**: how surely the caller must have proven who he is, from 1 to 3, as the issuer of his token is recognised for; an API key counts as 2.', '',
    ...acts(), '',
    '## What operations ask for', '',
    'Of several acts any one opens the operation, each for what it is about. PUBLIC: anybody, without a credential too; a credential that is given and is not good is refused even so.', '',
    ...Object.entries(OPEN).map(([name, text]) => `- ${name}: ${text}.`), '',
    '### Queries', '', ...operations(all, 'query', 'query'), '',
    '### Fields that show more to some', '', ...operations(all, 'field', 'field'), '',
    '### Mutations', '', ...operations(all, 'mutation', 'mutation'), '',
    '### HTTP', '', ...operations(all, 'http', 'route'), '',
  ].join('\n');
}
