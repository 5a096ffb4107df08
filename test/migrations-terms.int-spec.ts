import pg from 'pg';
import { migrate } from '#shared';
import { readPolicy } from '../libs/contracts/src/domain/terms/read-policy.js';
import type { LicenceTerms } from '../libs/contracts/src/domain/terms/licence-terms.js';
import { writePolicy } from '../libs/contracts/src/domain/terms/write-policy.js';
import { emptyDatabase, migrationsBefore } from './support/database.js';

const id = (n: number): string => `00000000-0000-7000-8000-0000000000${String(n).padStart(2, '0')}`;

describe('licence terms in a database that has traded before', () => {
  it('permit what was offered and agreed, and nothing else', async () => {
    const database = await emptyDatabase();
    const before = await migrationsBefore('1793000000720');
    const client = new pg.Client(database.url);
    try {
      await migrate(database.url, before.folder);
      await client.connect();
      await client.query('set session_replication_role = replica');
      await client.query(
        `insert into contracts.offer (id, product_id, vendor_id, title, plans, entry_minor, purposes, destinations, state, created_at) values ($1, $1, $2, 'Offer', '[{}]', 0, '{RESEARCH,MARKETING}', '{SG,HK}', 'ACTIVE', now())`, [id(1), id(90)]);
      await client.query(
        `insert into contracts.agreement (id, offer_id, product_id, vendor_id, buyer_id, decision_id, document, hash, plan, purpose, destination, concluded_at) values ($1, $1, $1, $2, $3, $1, '{"version": "2"}', repeat('a', 64), '{}', 'RESEARCH', 'SG', now())`, [id(1), id(90), id(91)]);
      await migrate(database.url);
      const { rows } = await client.query<{ terms: LicenceTerms; document: object }>('select terms, null as document from contracts.offer union all select terms, document from contracts.agreement');
      expect(rows).toHaveLength(2);
      for (const { terms } of rows) {
        expect(terms).toMatchObject({ template: 'INTERNAL_USE', termination: { vendorNoticeDays: null, buyerNoticeDays: null } });
        expect(terms.policy.permissions[0]!.conditions).toEqual([{ operand: 'purpose', operator: 'isAnyOf', values: ['RESEARCH', 'MARKETING'] }, { operand: 'spatial', operator: 'isAnyOf', values: ['SG', 'HK'] }]);
        expect(readPolicy(writePolicy(terms.policy))).toMatchObject({ permissions: [{ uid: 'use' }], prohibitions: [{ action: 'distribute' }, { action: 'grantUse' }, { action: 'derive' }, { action: 'commercialize' }] });
      }
      expect(rows[1]!.document).toEqual({ version: '2' });
    } finally {
      await client.end();
      await before.remove();
      await database.drop();
    }
  });
});
