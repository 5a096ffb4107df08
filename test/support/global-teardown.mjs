import { realpath, rm } from 'node:fs/promises';
import path from 'node:path';

export default async function teardown() {
  const { folder, postgres } = globalThis.entrepotTest;
  const data = await realpath(path.join(folder, 'postgres'));
  await postgres.stop();
  await rm(data, { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
}
