import { lookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** The address is not one that the exchange calls: private, link-local, loopback, reserved, or not on the operator's list. */
export class OutgoingRefusedError extends Error {
  readonly code = 'OUTGOING_REFUSED';
}

type Range = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];
type LookupCallback = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;

/** All that IANA has given out of IPv6. Outside of it stands `::7f00:1`, which some systems take for 127.0.0.1 (RFC 4291, 2.5.5.1). */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

const parsed = (address: string): ipaddr.IPv4 | ipaddr.IPv6 => ipaddr.process(address.replace(/^\[|\]$/g, '').replace(/%.*$/, ''));

/**
 * Which hosts may be called. Asked with the name before the look-up and with every address after it, at each connection, so that
 * neither a redirect nor a name that changes its address between two look-ups leads inside.
 */
export class AddressGuard {
  private readonly allowedNames = new Set<string>();
  private readonly allowedRanges: Range[] = [];
  private readonly only: ReadonlySet<string> | null;

  /** `allow`: names, addresses and CIDRs that may be called although private or without TLS. `only`: when given, nothing else. */
  constructor(allow: readonly string[], only: readonly string[] = []) {
    for (const entry of allow) {
      if (entry.includes('/')) this.allowedRanges.push(ipaddr.parseCIDR(entry));
      else if (isIP(entry)) this.allowedRanges.push([parsed(entry), isIP(entry) === 4 ? 32 : 128]);
      else this.allowedNames.add(entry.toLowerCase());
    }
    this.only = only.length ? new Set(only.map((n) => n.toLowerCase())) : null;
  }

  /** Before a connection: the name is on the list where there is one, an address written out is public, and TLS is spoken. */
  checkTarget(hostname: string, protocol: string): void {
    const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
    if (protocol !== 'https:' && protocol !== 'http:') throw new OutgoingRefusedError(`${protocol} is not called`);
    const allowed = this.allowedNames.has(host) || (isIP(host) !== 0 && this.isAllowed(host));
    if (this.only && !this.only.has(host) && !allowed) throw new OutgoingRefusedError(`${host} is not on the list of hosts that may be called`);
    if (protocol === 'http:' && !allowed) throw new OutgoingRefusedError(`${host} is not called without TLS`);
    if (isIP(host) && !allowed) this.checkAddress(host);
  }

  checkAddress(address: string): void {
    if (this.isAllowed(address)) return;
    const at = parsed(address);
    if (at.range() !== 'unicast' || (at instanceof ipaddr.IPv6 && !at.match(GLOBAL_UNICAST))) throw new OutgoingRefusedError(`${address} is not a public address`);
  }

  /** For `net.connect`: the ordinary look-up, refused as a whole when one of its answers is not public. */
  readonly lookup = (hostname: string, options: LookupOptions, done: LookupCallback): void => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, []);
      try {
        if (!this.allowedNames.has(hostname.toLowerCase())) for (const { address } of addresses) this.checkAddress(address);
      } catch (refused) {
        return done(refused as NodeJS.ErrnoException, []);
      }
      return options.all ? done(null, addresses) : done(null, addresses[0]!.address, addresses[0]!.family);
    });
  };

  private isAllowed(address: string): boolean {
    const at = parsed(address);
    return this.allowedRanges.some(([range, bits]) => range.kind() === at.kind() && at.match(range as never, bits));
  }
}
