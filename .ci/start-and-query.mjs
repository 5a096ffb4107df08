// Plays the newcomer with `npm start`: opens, answers one query, refuses a second start, stops, opens again.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

const port = process.env.PORT ?? '4000';
const groups = [];

async function start() {
  const began = Date.now();
  const child = spawn('npm', ['start'], { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  groups.push(child.pid);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const ended = once(child, 'exit');
  while (!output.includes('The exchange is open') && child.exitCode === null) {
    if (Date.now() - began > 60_000) fail('npm start took more than 60 s', output);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { child, ended, output: () => output, seconds: (Date.now() - began) / 1000 };
}

const answers = () => fetch(`http://127.0.0.1:${port}/health/live`).then(() => true, () => false);

/** What was started here does not outlive a failure. */
function fail(why, output = '') {
  console.error(`${why}\n${output}`);
  for (const group of groups) {
    try {
      process.kill(-group, 'SIGTERM');
    } catch {
      // It has ended.
    }
  }
  process.exit(1);
}

/** Ctrl-C reaches the whole group; `kill` of npm reaches npm alone. Both must leave nothing behind. */
async function stop(server, signal) {
  process.kill(signal === 'SIGINT' ? -server.child.pid : server.child.pid, signal);
  await server.ended;
  for (let waited = 0; waited < 10_000 && (await answers()); waited += 100) await new Promise((resolve) => setTimeout(resolve, 100));
  if (await answers()) fail('it still answers after it was stopped');
}

const first = await start();
if (first.child.exitCode !== null) fail('npm start ended', first.output());
console.log(`open after ${first.seconds.toFixed(1)} s, sample market included`);
const token = /Buyer \(Singapore\)\n\s+(\{.*\})/.exec(first.output())?.[1];
const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
  method: 'POST', headers: { 'content-type': 'application/json', ...JSON.parse(token) },
  body: JSON.stringify({ query: '{ me { organisation { legalName } } products(first: 5) { nodes { title offers { plans { quote { total { formatted } } } } } } }' }),
});
const { data, errors } = await response.json();
if (errors || data.products.nodes.length !== 3 || !data.products.nodes.every((p) => p.offers.length === 1)) fail('the query was not answered as it should be', JSON.stringify({ data, errors }));
console.log(`as ${data.me.organisation.legalName}: ${data.products.nodes.map((p) => `${p.title} ${p.offers[0].plans[0].quote.total.formatted}`).join('; ')}`);

const second = await start();
if (!second.output().includes('already running')) fail('a second start does not say that one is running', second.output());
console.log(`a second start says: ${second.output().split('\n').find((l) => l.includes('already running'))}`);

await stop(first, 'SIGTERM');
const again = await start();
if (again.child.exitCode !== null) fail('it did not start again', again.output());
console.log(`started again in ${again.seconds.toFixed(1)} s`);
if (again.seconds > 10) fail('a later start took more than 10 s');
await stop(again, 'SIGINT');
