import pg from 'pg';
import { migrate } from '#shared';
import { emptyDatabase, migrationsBefore } from './support/database.js';

const id = (n: number): string => `00000000-0000-7000-8000-0000000000${String(n).padStart(2, '0')}`;

describe('profiles on a database that has invoiced before', () => {
  it('leave the invoices as they are, and hold to their forms', async () => {
    const database = await emptyDatabase();
    const before = await migrationsBefore('1793000002800');
    const client = new pg.Client(database.url);
    const party = (n: number): string => JSON.stringify({ id: id(n), legalName: 'x', jurisdiction: 'HK', registryNumbers: [] });
    try {
      await migrate(database.url, before.folder);
      await client.connect();
      await client.query('set session_replication_role = replica');
      await client.query(
        `insert into billing.invoice (id, issuer_id, series, number, kind, trade_id, agreement_id, customer_id, issuer, customer, currency, net_minor, tax_minor, total_minor, tax_treatment, line_count, issued_at)
         values ($1, $2, 'INV-2026', 1, 'PURCHASE', $1, $1, $3, $4, $5, 'HKD', 1, 0, 1, '{}', 1, now())`, [id(1), id(2), id(3), party(2), party(3)]);
      await client.query('set session_replication_role = origin');
      await migrate(database.url);
      expect((await client.query('select issuer from billing.invoice')).rows).toEqual([{ issuer: JSON.parse(party(2)) as unknown }]);
      const put = (columns: string, ...values: string[]) => client.query(`insert into billing.profile (organisation_id, changed_at, ${columns}) values ($1, now(), ${values.map((_, i) => `$${i + 2}`).join(', ')})`, [id(2), ...values]);
      await expect(put('endpoint_scheme', '0199')).rejects.toMatchObject({ code: '23514' });
      await expect(put('account_institution', 'DBSSSGSG')).rejects.toMatchObject({ code: '23514' });
      await expect(put('gst_number', 'm2')).rejects.toMatchObject({ code: '23514' });
      const send = (n: number, state = 'QUEUED') => client.query(`insert into einvoice.transmission (id, invoice_id, issuer_id, customer_id, number, format, sender, receiver, content, sha256, state, next_attempt_at, problem, kept_until, created_at, changed_at)
        values ($1, $2, $2, $2, 'INV-1', 'pint-sg', '0195:a', '0195:b', 'x', repeat('a', 64), $3, case when $3 = 'QUEUED' then now() end, case when $3 = 'FAILED' then 'x' end, '2032-01-01', now(), now())`, [id(n), id(1), state]);
      await send(10, 'FAILED');
      await send(11);
      await expect(send(12)).rejects.toMatchObject({ code: '23505' });
      await expect(client.query(`update einvoice.transmission set content = 'y'`)).rejects.toMatchObject({ code: '23001' });
      await expect(client.query('delete from einvoice.transmission')).rejects.toMatchObject({ code: '23001' });
      await put('street, endpoint_scheme, endpoint_value', 'a', '0199', 'b');
      await expect(put('street', 'b')).rejects.toMatchObject({ code: '23505' });
    } finally {
      await client.end();
      await before.remove();
      await database.drop();
    }
  });
});
