import { asSystem, Clock, type Config, Database, UnitOfWork } from '#shared';
import type { INestApplication } from '@nestjs/common';
import { dataFolder } from '../../demo/src/files.js';
import { fillSampleMarket } from '../../demo/src/sample-market.js';

/** A public notice that somebody would wait for at a start. */
const LONGEST_NOTICE = 30;

const STATE = { name: 'installation.sample-market', text: `select (select value->>'state' from shared.installation where key = 'sample-market') as state, (select (value->>'begunAt')::timestamptz from shared.installation where key = 'sample-market') as "begunAt", exists (select 1 from catalog.product) as traded` };

/**
 * Fills an empty embedded exchange through its own public API. What was begun is gone on with; an exchange that already has
 * products of its own is left alone.
 */
export async function ensureSampleMarket(app: INestApplication, config: Config, tell: (line: string) => void): Promise<boolean> {
  const wanted = config.SAMPLE_MARKET ?? (!config.DATABASE_URL && config.devIssuer && dataFolder() !== undefined && config.noticeSeconds !== null && config.noticeSeconds <= LONGEST_NOTICE);
  if (!wanted) return false;
  const database = app.get(Database);
  const [row] = await asSystem(() => database.query<{ state: string | null; begunAt: Date | null; traded: boolean }>(STATE));
  if (row!.state === 'done') return true;
  if (row!.state === null && row!.traded) return false;
  // What a fill that was cut short has sent is sent again as it was, dates included.
  const begunAt = row!.begunAt ?? app.get(Clock).now();
  const mark = (state: string): Promise<unknown> => asSystem(() => app.get(UnitOfWork).run((tx) => tx.query(
    `insert into shared.installation (key, value, updated_at) values ('sample-market', jsonb_build_object('state', $1::text, 'begunAt', $3::timestamptz), $2) on conflict (key) do update set value = excluded.value, updated_at = excluded.updated_at`,
    [state, app.get(Clock).now(), begunAt],
  )));
  await mark('begun');
  await fillSampleMarket(await app.getUrl(), begunAt, tell);
  await mark('done');
  return true;
}
