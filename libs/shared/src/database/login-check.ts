import pg from 'pg';

const CHECK = `select r.rolsuper or r.rolbypassrls or exists (select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'identity' and c.relkind = 'r' and pg_has_role(r.oid, c.relowner, 'member')) as beyond
  from pg_roles r where r.rolname = session_user`;

/**
 * Whether whoever logs in with this address could step past row-level security by leaving the application's role: a superuser, or the
 * owner of the tables. The application never does; a login that cannot is one wall more.
 */
export async function loginIsBeyondPolicies(url: string): Promise<boolean> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const { rows } = await client.query<{ beyond: boolean }>(CHECK);
    return rows[0]!.beyond;
  } finally {
    await client.end();
  }
}
