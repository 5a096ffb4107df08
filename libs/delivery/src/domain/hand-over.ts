import type { ChannelKind } from '#contracts';
import type { Span } from './spans.js';

/** A web server in front that sends files of disk regions after the exchange's yes (`X-Accel-Redirect`). */
export interface FrontServer {
  /** Addresses of its connections (CIDR). */
  readonly from: readonly string[];
  /** The internal location below which each region has a folder of its name. */
  readonly location: string;
  /** A response of more is sent by the exchange itself: what the server has been given cannot be taken back. */
  readonly mostBytes: number;
}

const CONDITIONS = ['if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since', 'if-range'];
/** The forms of a range that everybody reads alike. */
const PLAIN_RANGE = /^bytes=(\d{1,15}-\d{0,15}|-\d{1,15})$/;

/**
 * Whether a server that applies the headers of this request once more sends exactly the range that is counted. Where conditions or unusual forms of a range could be
 * read in another way the exchange sends by itself.
 */
export const isPlain = (headers: Readonly<Record<string, unknown>>): boolean =>
  CONDITIONS.every((name) => headers[name] === undefined) && (headers['range'] === undefined || (typeof headers['range'] === 'string' && PLAIN_RANGE.test(headers['range'])));

/** A link opens the whole object, so it is for the whole file, and for a public channel alone: whoever holds it reads. */
export const mayPresign = (channel: { readonly kind: ChannelKind; readonly presigned: boolean } | null, range: Span, byteLength: number): boolean =>
  channel !== null && channel.kind === 'public' && channel.presigned && range.from === 0 && range.to === byteLength;
