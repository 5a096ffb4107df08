import type { ChannelKind } from '#contracts';

/** A way on which bytes leave the exchange. */
export interface Channel {
  /** Kept with every delivery. */
  readonly id: string;
  readonly kind: ChannelKind;
  /** Storage regions whose bytes go this way. */
  readonly regions: readonly string[];
  /** ISO 3166-1 alpha-2: destinations of decisions that it delivers to. Null: everywhere. */
  readonly destinations: readonly string[] | null;
  /** Of `networks`: the buyers' own networks count as far as they lie within these. Null: all. */
  readonly within: readonly string[] | null;
  /** Of `mutual-tls`: certificates (PEM) of the authorities that issue what counts. Null: any certificate that its holder registered. */
  readonly authorities: readonly string[] | null;
  /** Where it is reached; null: at the public address of the exchange. */
  readonly url: string | null;
  /** Whether a bucket may be read with a link of its own that lives for a moment. */
  readonly presigned: boolean;
}

/** Without a configuration: one way for everything. */
export const openTo = (regions: readonly string[]): Channel => ({ id: 'public', kind: 'public', regions, destinations: null, within: null, authorities: null, url: null, presigned: false });

/** From where an organisation fetches, as it registered it. */
export interface AccessPoint {
  readonly id: string;
  readonly organisationId: string;
  readonly kind: 'NETWORK' | 'CERTIFICATE';
  /** A CIDR in its normal form, or the SHA-256 of a certificate, lower-case hex. */
  readonly value: string;
  /** ISO 3166-1 alpha-2: where it stands. It takes deliveries for this country only. */
  readonly country: string;
  readonly label: string;
  readonly subject: string | null;
  readonly validUntil: Date | null;
  readonly addedBy: string;
  readonly addedAt: Date;
}

/** More than an organisation has ways into the Internet; each is compared with every request on such a channel. */
export const MOST_ACCESS_POINTS = 50;
/** A network that is larger belongs to a provider and not to one organisation. */
export const WIDEST_IPV4 = 16;
export const WIDEST_IPV6 = 32;

export const pointFor = { networks: 'NETWORK', 'mutual-tls': 'CERTIFICATE' } as const satisfies Partial<Record<ChannelKind, AccessPoint['kind']>>;
/** What of an organisation's counts on a channel for a destination at a time; null: the channel is open to everybody. */
export function pointsOn({ kind }: Pick<Channel, 'kind'>, points: readonly AccessPoint[], destination: string, now: Date): readonly AccessPoint[] | null {
  if (kind === 'public') return null;
  return points.filter((p) => p.kind === pointFor[kind] && p.country === destination && (p.validUntil === null || now < p.validUntil));
}
