import assert from 'node:assert/strict';
import { parse } from 'csv-parse';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { READ_LIMITS } from '../../dist/libs/delivery/src/contents/limits.js';
import { toRevisionProfile } from '../../dist/libs/delivery/src/contents/profiles.js';
import { readContents } from '../../dist/libs/delivery/src/contents/read-contents.js';
import { proposeTags } from '../../dist/libs/compliance/src/domain/detection/propose-tags.js';
import { median } from './support.mjs';

const ROWS = 150_000;
const ROUNDS = 5;
const CHUNK = 64 * 1024;
const DAY = '2026-11-23';

const two = (n) => String(n).padStart(2, '0');
/** GB 11643, a new one for each number. */
function residentNumber(n) {
  const body = `310101${1950 + (n % 50)}${two(1 + (Math.floor(n / 50) % 12))}${two(1 + (Math.floor(n / 600) % 28))}${String(Math.floor(n / 16_800)).padStart(3, '0')}`;
  return body + '10X98765432'[[7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2].reduce((sum, weight, i) => sum + weight * Number(body[i]), 0) % 11];
}

/** People with numbers, addresses and places: every kind of detector has work. */
function people() {
  const lines = ['姓名,身份证号,手机,邮箱,住址,诊断,lat,lon,time,amount'];
  for (let i = 0; i < ROWS; i++) lines.push(`张三${i % 97},${residentNumber(i)},138${10_000_000 + i},u${i}@example.cn,上海市浦东新区世纪大道${i}号,高血压,31.2${i},121.4${i},2026-01-01 10:00:${i % 60},${i * 3}`);
  return Buffer.from(`${lines.join('\n')}\n`);
}

async function parseOnly(bytes) {
  const parser = parse({ bom: true, skip_empty_lines: true, on_record: () => null });
  parser.resume();
  for (let at = 0; at < bytes.length; at += CHUNK) await new Promise((done) => parser.write(bytes.subarray(at, at + CHUNK), done));
  await new Promise((done) => parser.end(done));
}

async function profile(file, bytes, folder) {
  const task = { files: [{ fileName: 'people.csv', mediaType: 'text/csv', bytes: bytes.length, path: file }], folder, asOf: `${DAY}T00:00:00.000Z`, limits: READ_LIMITS };
  const contents = await readContents(task, new AbortController().signal);
  assert.deepEqual(contents.files[0].findings, []);
  assert.equal(contents.tables[0].rows, ROWS);
  const { suggested } = proposeTags(toRevisionProfile(contents), DAY);
  assert(suggested.sensitivePersons > ROWS * 0.9, 'the people are found');
}

/** A CSV file of people, from its bytes in a file through the process that reads it to profile and proposal, against parsing it alone. */
export async function profileFiles() {
  const bytes = people();
  const folder = await mkdtemp(path.join(os.tmpdir(), 'entrepot-bench-profile-'));
  const file = path.join(folder, 'people.csv');
  await writeFile(file, bytes);
  const rounds = { profile: [], parse: [] };
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, work] of [['profile', () => profile(file, bytes, path.join(folder, String(round)))], ['parse', () => parseOnly(bytes)]]) {
      const started = performance.now();
      await work();
      rounds[name].push(bytes.length / 1_000 / (performance.now() - started));
    }
  }
  await rm(folder, { recursive: true, force: true });
  const [value, referenceValue] = [median(rounds.profile), median(rounds.parse)];
  return [{ name: 'compliance.profile', value, unit: 'MB/s', reference: 'csv-parse alone', referenceValue, ratio: value / referenceValue, target: 0.4, higherIsBetter: true }];
}
