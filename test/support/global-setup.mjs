import { chmod, mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
// Node strips the types itself: the very launcher that the exchange uses.
import { startEmbeddedPostgres } from '../../libs/shared/src/database/embedded-postgres.ts';

/** One PostgreSQL for the whole run; each test file clones its own database from a migrated template. */
export default async function setup() {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'entrepot-test-'));
  await chmod(folder, 0o755);
  const postgres = await startEmbeddedPostgres({ dir: path.join(folder, 'postgres'), durable: false, maxConnections: 300 });
  globalThis.entrepotTest = { folder, postgres };
  process.env.ENTREPOT_TEST_DATABASE = postgres.url;
  process.env.ENTREPOT_TEST_FOLDER = folder;
}
