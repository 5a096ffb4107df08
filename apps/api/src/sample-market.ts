import { Database, Clock, type Config } from '#shared';
import type { INestApplication } from '@nestjs/common';
import { dataFolder } from '../../demo/src/files.js';
import { fillSampleMarket } from '../../demo/src/sample-market.js';

const STATE = { name: 'installation.sample-market', text: `select (select value->>'state' from shared.installation where key = 'sample-market') as state, exists (select 1 from catalog.product) as traded` };

/**
 * Fills an empty embedded exchange through its own public API. What was begun is gone on with; an exchange that already has
 * products of its own is left alone.
 */
export async function ensureSampleMarket(app: INestApplication, config: Config, tell: (line: string) => void): Promise<boolean> {
  const wanted = config.SAMPLE_MARKET ?? (!config.DATABASE_URL && config.devIssuer && dataFolder() !== undefined);
  if (!wanted) return false;
  const database = app.get(Database);
  const [row] = await database.query<{ state: string | null; traded: boolean }>(STATE);
  if (row!.state === 'done') return true;
  if (row!.state === null && row!.traded) return false;
  const mark = (state: string): Promise<unknown> => database.dataSource.query(
    `insert into shared.installation (key, value, updated_at) values ('sample-market', jsonb_build_object('state', $1::text), $2) on conflict (key) do update set value = excluded.value, updated_at = excluded.updated_at`,
    [state, app.get(Clock).now()],
  );
  await mark('begun');
  await fillSampleMarket(config.publicUrl, tell);
  await mark('done');
  return true;
}
