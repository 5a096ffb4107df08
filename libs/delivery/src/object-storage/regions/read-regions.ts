import path from 'node:path';
import { isCountry } from '#shared';
import type { S3Place } from '../s3/s3-place.js';
import { type Json, strangers } from './json.js';
import { readChannels } from './read-channels.js';
import { type DiskPlace, LOCAL, type Region, type StoragePlan } from './region.js';

/** More places than that are not run by one operator, and each is swept. */
const MAX_REGIONS = 50;
const PLACES = { disk: ['folder'], s3: ['bucket', 'endpoint', 'awsRegion', 'forcePathStyle', 'prefix', 'credentialsFile'] } as const;

/** Reads the configuration of the regions: the plan, or everything that is wrong with it. `localFolder`: where the region `local` lies if it names no folder. */
export function readRegions(text: string, localFolder: string): StoragePlan | { readonly wrong: readonly string[] } {
  const wrong: string[] = [];
  const json = parsed(text);
  if (!isObject(json)) return { wrong: ['it is no JSON object'] };
  strangers(json, ['default', 'regions', 'channels', 'tls', 'clientCertificateHeader', 'nginx'], 'the file', wrong);
  const list = Array.isArray(json['regions']) ? json['regions'] : [];
  if (list.length === 0 || list.length > MAX_REGIONS) return { wrong: [...wrong, `regions: a list of 1 to ${MAX_REGIONS}`] };
  const regions = list.map((item: unknown, i) => region(isObject(item) ? item : {}, `regions[${i}]`, localFolder, wrong));
  const ids = regions.map((r) => r.id);
  for (const id of new Set(ids)) if (ids.indexOf(id) !== ids.lastIndexOf(id)) wrong.push(`regions: ${id} stands twice`);
  const defaultId = json['default'] === undefined ? ids[0]! : String(json['default']);
  if (!ids.includes(defaultId)) wrong.push(`default: ${defaultId} is none of the regions`);
  const ways = readChannels(json, ids, wrong);
  return wrong.length ? { wrong } : { regions, defaultId, ...ways };
}

function region(item: Json, at: string, localFolder: string, wrong: string[]): Region {
  const kind = item['kind'] === 's3' ? 's3' : 'disk';
  if (item['kind'] !== kind) wrong.push(`${at}.kind: disk or s3`);
  strangers(item, ['id', 'jurisdiction', 'vendors', 'kind', ...PLACES[kind]], at, wrong);
  const id = String(item['id'] ?? '');
  if (!/^[a-z][a-z0-9-]{1,39}$/.test(id)) wrong.push(`${at}.id: 2 to 40 small letters, digits and hyphens, a letter first`);
  const jurisdiction = String(item['jurisdiction'] ?? '');
  if (!isCountry(jurisdiction)) wrong.push(`${at}.jurisdiction: the country whose law applies there, ISO 3166-1 alpha-2`);
  const others = item['vendors'] ?? [];
  if (!Array.isArray(others) || !others.every((v) => typeof v === 'string' && isCountry(v))) wrong.push(`${at}.vendors: a list of countries whose vendors may keep assets there, ISO 3166-1 alpha-2`);
  const place = kind === 's3' ? bucket(item, at, wrong) : folder(item, id, at, localFolder, wrong);
  return { id, jurisdiction, vendors: [...new Set([jurisdiction, ...(Array.isArray(others) ? others.map(String) : [])])], place };
}

function folder(item: Json, id: string, at: string, localFolder: string, wrong: string[]): DiskPlace {
  const given = item['folder'];
  if (given === undefined && id === LOCAL) return { kind: 'disk', folder: localFolder };
  if (typeof given !== 'string' || !path.isAbsolute(given)) wrong.push(`${at}.folder: an absolute path`);
  return { kind: 'disk', folder: String(given) };
}

function bucket(item: Json, at: string, wrong: string[]): S3Place {
  const text = (name: string, pattern: RegExp, needed: boolean, what: string): string | null => {
    const given = item[name];
    if (given === undefined && !needed) return null;
    if (typeof given === 'string' && pattern.test(given)) return given;
    wrong.push(`${at}.${name}: ${what}`);
    return null;
  };
  const forcePathStyle = item['forcePathStyle'] ?? false;
  if (typeof forcePathStyle !== 'boolean') wrong.push(`${at}.forcePathStyle: true or false`);
  const credentialsFile = text('credentialsFile', /./, false, 'the path of a file');
  if (credentialsFile && !path.isAbsolute(credentialsFile)) wrong.push(`${at}.credentialsFile: an absolute path`);
  return {
    kind: 's3', bucket: text('bucket', /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, true, 'the name of a bucket') ?? '', endpoint: text('endpoint', /^https?:\/\/[^@/?#]+\/?$/, false, 'http(s)://host:port, without credentials'),
    awsRegion: text('awsRegion', /^[a-z0-9-]{1,40}$/, true, 'the name that the server signs with, such as eu-central-1') ?? '', forcePathStyle: forcePathStyle === true,
    prefix: text('prefix', /^([\w.-]+\/)+$/, false, 'a path that ends in /') ?? '', credentialsFile,
  };
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
