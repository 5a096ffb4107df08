import { type AccessPoint, type Channel, pointFor, pointsOn } from './channel.js';

export interface ChannelNeed {
  readonly region: string;
  /** Of the decision, ISO 3166-1 alpha-2. */
  readonly destination: string;
  /** The channel that the buyer wants; null: any that fits. */
  readonly wanted: string | null;
  readonly points: readonly AccessPoint[];
  readonly now: Date;
  /** What the agreed terms say against a kind of channel; undefined where they permit it. */
  readonly against: (channel: Channel) => string | undefined;
}

/** Which rule left no channel, and what would fit. */
export interface NoChannel {
  readonly rule: 'REGION' | 'DESTINATION' | 'TERMS' | 'WANTED' | 'ACCESS';
  readonly message: string;
}

const list = (channels: readonly Channel[]): string => channels.map((c) => `${c.id} (${c.kind})`).join(', ');

/**
 * The first channel, in the order of the configuration, that serves the region, delivers to the destination, is permitted by the terms, and that the buyer
 * has a way into. Else the rule that left none, and what was left before it. Pure.
 */
export function chooseChannel(channels: readonly Channel[], need: ChannelNeed): Channel | NoChannel {
  const { region, destination, wanted } = need;
  const ofRegion = channels.filter((c) => c.regions.includes(region));
  if (ofRegion.length === 0) return { rule: 'REGION', message: `no delivery channel serves the storage region ${region}` };
  const reaching = ofRegion.filter((c) => c.destinations === null || c.destinations.includes(destination));
  if (reaching.length === 0) {
    const reached = [...new Set(ofRegion.flatMap((c) => c.destinations ?? []))].sort();
    return { rule: 'DESTINATION', message: `what lies in ${region} may not be delivered to ${destination}: its channels ${list(ofRegion)} deliver to ${reached.join(', ')}` };
  }
  const permitted = reaching.filter((c) => need.against(c) === undefined);
  if (permitted.length === 0) return { rule: 'TERMS', message: `${need.against(reaching[0]!)!}; from ${region} to ${destination} there are ${list(reaching)}` };
  const asked = wanted === null ? permitted : permitted.filter((c) => c.id === wanted);
  if (asked.length === 0) return { rule: 'WANTED', message: `${wanted} is no channel for this delivery: ${list(permitted)} would be` };
  const open = asked.find((c) => pointsOn(c, need.points, destination, need.now)?.length !== 0);
  if (open) return open;
  const ways = [...new Set(asked.map((c) => (c.kind === 'public' ? '' : pointFor[c.kind]).toLowerCase()))];
  return { rule: 'ACCESS', message: `${list(asked)} would carry it: register a ${ways.join(' or a ')} that stands in ${destination} first` };
}

export const isNoChannel = (found: Channel | NoChannel): found is NoChannel => 'rule' in found;
