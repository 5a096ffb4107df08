import { randomBytes } from 'node:crypto';
import type { JSONWebKeySet } from 'jose';
import { assemble } from './actors.js';
import { tellLineage } from './lineage.js';
import { reachExchange } from './server.js';
import { Story } from './story.js';
import { tradeStory } from './trade-story.js';

// DEMO_URL: another exchange than the one on this machine. DEMO_RUN: the name of the run; the same name goes on with the same trade.
const url = (process.env['DEMO_URL'] ?? `http://127.0.0.1:${process.env['PORT'] ?? '4000'}`).replace(/\/$/, '');
const run = process.env['DEMO_RUN'] ?? randomBytes(6).toString('hex');
const started = Date.now();
const exchange = await reachExchange(url, process.env['DEMO_URL'] !== undefined);
const story = new Story();
try {
  process.stdout.write(`A trade on ${url}, run ${run}\n`);
  const actors = await assemble(url, run);
  const keys = (await (await actors.buyer.send('/.well-known/jwks.json', {})).json()) as JSONWebKeySet;
  const trades = await tradeStory(actors, keys, story);
  story.step('The auditor follows the trade in one query');
  await tellLineage(actors, trades.purchase, story);
  process.stdout.write(`\n${story.failures ? `${story.failures} of ${story.checks} checks do not hold` : `All ${story.checks} checks hold`}; ${((Date.now() - started) / 1000).toFixed(1)} s.\n`);
} catch (error) {
  story.failures++;
  process.stderr.write(`\nThe demo stopped: ${(error as Error).message}\n`);
} finally {
  await exchange.stop();
}
process.exitCode = story.failures ? 1 : 0;
