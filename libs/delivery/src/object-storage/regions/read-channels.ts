import path from 'node:path';
import { CHANNEL_KINDS, type ChannelKind } from '#contracts';
import { parseAllowed } from '#identity';
import { isCountry } from '#shared';
import { type Channel, openTo } from '../../domain/channels/channel.js';
import type { FrontServer } from '../../domain/hand-over.js';
import { type Json, strangers } from './json.js';

/** A door of the exchange of its own that speaks TLS and asks for client certificates. */
export interface TlsDoor {
  readonly host: string;
  readonly port: number;
  readonly certificateFile: string;
  readonly keyFile: string;
}
/** A header in which these proxies, and nobody else, hand the client's certificate on. */
export interface CertificateHeader {
  readonly name: string;
  readonly from: readonly string[];
}
export interface ChannelPlan {
  readonly channels: readonly ChannelEntry[];
  readonly tls: TlsDoor | null;
  readonly certificateHeader: CertificateHeader | null;
  readonly nginx: FrontServer | null;
}
/** A channel whose authorities are still the name of a file. */
export type ChannelEntry = Omit<Channel, 'authorities'> & { readonly authoritiesFile: string | null };

const MOST_CHANNELS = 50;
const OF_KIND: Readonly<Record<ChannelKind, readonly string[]>> = { public: ['presigned'], networks: ['within'], 'mutual-tls': ['authoritiesFile'] };

/** Reads what the configuration says of the ways out; without a word there is one public way for all regions. */
export function readChannels(json: Json, regionIds: readonly string[], wrong: string[]): ChannelPlan {
  const tls = json['tls'] === undefined ? null : door(json['tls'] as Json, wrong);
  const certificateHeader = json['clientCertificateHeader'] === undefined ? null : header(json['clientCertificateHeader'] as Json, wrong);
  const nginx = json['nginx'] === undefined ? null : frontServer(json['nginx'] as Json, wrong);
  if (json['channels'] === undefined) {
    const { authorities: _, ...open } = openTo(regionIds);
    return { channels: [{ ...open, authoritiesFile: null }], tls, certificateHeader, nginx };
  }
  const list: readonly unknown[] = Array.isArray(json['channels']) ? json['channels'] : [];
  if (list.length === 0 || list.length > MOST_CHANNELS) wrong.push(`channels: a list of 1 to ${MOST_CHANNELS}`);
  const channels = list.slice(0, MOST_CHANNELS).map((item, i) => channel((item ?? {}) as Json, `channels[${i}]`, regionIds, wrong));
  const ids = channels.map((c) => c.id);
  for (const id of new Set(ids)) if (ids.indexOf(id) !== ids.lastIndexOf(id)) wrong.push(`channels: ${id} stands twice`);
  for (const id of regionIds) if (!channels.some((c) => c.regions.includes(id))) wrong.push(`channels: none serves the region ${id}`);
  if (channels.some((c) => c.kind === 'mutual-tls') && !tls && !certificateHeader) wrong.push('channels: mutual-tls needs tls or clientCertificateHeader');
  return { channels, tls, certificateHeader, nginx };
}

function channel(item: Json, at: string, regionIds: readonly string[], wrong: string[]): ChannelEntry {
  const kind = CHANNEL_KINDS.find((k) => k === item['kind']) ?? 'public';
  if (item['kind'] !== kind) wrong.push(`${at}.kind: one of ${CHANNEL_KINDS.join(', ')}`);
  strangers(item, ['id', 'kind', 'regions', 'destinations', 'url', ...OF_KIND[kind]], at, wrong);
  const id = String(item['id'] ?? '');
  if (!/^[a-z][a-z0-9-]{1,39}$/.test(id)) wrong.push(`${at}.id: 2 to 40 small letters, digits and hyphens, a letter first`);
  const regions = texts(item['regions'], (r) => regionIds.includes(r));
  if (!regions?.length) wrong.push(`${at}.regions: a list of ids of regions`);
  const destinations = item['destinations'] === undefined ? null : texts(item['destinations'], isCountry);
  if (destinations !== null && !destinations?.length) wrong.push(`${at}.destinations: a list of countries that it delivers to, ISO 3166-1 alpha-2`);
  const within = item['within'] === undefined ? null : texts(item['within'], (n) => parseAllowed(n) !== undefined);
  if (within !== null && !within?.length) wrong.push(`${at}.within: a list of networks (CIDR)`);
  const url = item['url'] ?? null;
  if (url !== null && !(typeof url === 'string' && /^https?:\/\/[^@/?#]+$/.test(url))) wrong.push(`${at}.url: http(s)://host:port, without a path`);
  const presigned = item['presigned'] ?? false;
  if (typeof presigned !== 'boolean') wrong.push(`${at}.presigned: true or false`);
  return { id, kind, regions: regions ?? [], destinations: destinations ?? null, within: within ?? null, url: url as string | null, presigned: presigned === true, authoritiesFile: file(item, 'authoritiesFile', at, wrong, false) };
}

function door(item: Json, wrong: string[]): TlsDoor {
  strangers(item, ['host', 'port', 'certificateFile', 'keyFile'], 'tls', wrong);
  const port = Number(item['port']);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) wrong.push('tls.port: a port');
  return { host: String(item['host'] ?? '127.0.0.1'), port, certificateFile: file(item, 'certificateFile', 'tls', wrong, true) ?? '', keyFile: file(item, 'keyFile', 'tls', wrong, true) ?? '' };
}

/** A response of a gibibyte takes a second and a half on 10 Gbit/s: more is not given away at once. */
const MOST_BYTES = 1024 ** 3;

function frontServer(item: Json, wrong: string[]): FrontServer {
  strangers(item, ['from', 'location', 'mostBytes'], 'nginx', wrong);
  const from = texts(item['from'], (n) => parseAllowed(n) !== undefined);
  if (!from?.length) wrong.push('nginx.from: addresses from which nginx asks (CIDR)');
  const location = item['location'] ?? '/entrepot-objects/';
  if (typeof location !== 'string' || !/^\/([a-z0-9-]+\/)+$/.test(location)) wrong.push('nginx.location: an internal location such as /entrepot-objects/');
  const mostBytes = item['mostBytes'] ?? MOST_BYTES;
  if (!Number.isSafeInteger(mostBytes) || Number(mostBytes) < 1) wrong.push('nginx.mostBytes: a whole number of bytes');
  return { from: from ?? [], location: String(location), mostBytes: Number(mostBytes) };
}

function header(item: Json, wrong: string[]): CertificateHeader {
  strangers(item, ['name', 'from'], 'clientCertificateHeader', wrong);
  const name = String(item['name'] ?? '').toLowerCase();
  if (!/^[a-z][a-z0-9-]{1,60}$/.test(name)) wrong.push('clientCertificateHeader.name: the name of a header');
  const from = texts(item['from'], (n) => parseAllowed(n) !== undefined);
  // Whoever may write the header chooses who he is: nobody by default.
  if (!from?.length) wrong.push('clientCertificateHeader.from: addresses of the proxies that write it (CIDR)');
  return { name, from: from ?? [] };
}

function file(item: Json, name: string, at: string, wrong: string[], needed: boolean): string | null {
  const given = item[name];
  if (given === undefined && !needed) return null;
  if (typeof given !== 'string' || !path.isAbsolute(given)) wrong.push(`${at}.${name}: an absolute path`);
  return String(given);
}

/** Undefined: it is no list of such texts. */
const texts = (value: unknown, fits: (text: string) => boolean): string[] | undefined => (Array.isArray(value) && value.every((v) => typeof v === 'string' && fits(v)) ? value.map(String) : undefined);
