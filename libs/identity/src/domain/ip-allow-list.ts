import ipaddr from 'ipaddr.js';

export const ALLOW_LIST_MAX = 20;
type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Range = readonly [Address, number];

const MAPPED_BITS = 96;

/** An IPv4 address that came in IPv6 clothes (`::ffff:192.0.2.1`) is the IPv4 address. */
const plain = (address: Address): Address => (address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() ? address.toIPv4Address() : address);

/** Only whole dotted quads: `010.1` and `0x7f000001` mean different hosts to different readers. Within IPv6 only the mapped form: the library takes `::192.0.2.1` for it too. */
function isStrict(text: string): boolean {
  const dotted = /^(?:::ffff:)?([\d.]+)$/i.exec(text)?.[1];
  return dotted === undefined ? ipaddr.IPv6.isValid(text) && !/[.%]/.test(text) : ipaddr.IPv4.isValidFourPartDecimal(dotted) && !/(^|\.)0\d/.test(dotted);
}

function rangeOf(text: string): Range | undefined {
  const [host = '', bits, ...more] = text.split('/');
  if (more.length || !isStrict(host) || (bits !== undefined && !/^(0|[1-9]\d{0,2})$/.test(bits))) return undefined;
  const given = ipaddr.parse(host);
  const address = plain(given);
  const full = given.kind() === 'ipv4' ? 32 : 128;
  const length = bits === undefined ? full : Number(bits);
  if (length > full) return undefined;
  if (address.kind() === given.kind()) return [address, length];
  return length < MAPPED_BITS ? undefined : [address, length - MAPPED_BITS];
}

/** An address or a CIDR range in its normal form, host bits cleared; undefined where it is none. */
export function parseAllowed(text: string): string | undefined {
  const range = rangeOf(text.trim());
  if (!range) return undefined;
  const [address, length] = range;
  const network = address.kind() === 'ipv4' ? ipaddr.IPv4.networkAddressFromCIDR(`${address.toString()}/${length}`) : ipaddr.IPv6.networkAddressFromCIDR(`${address.toString()}/${length}`);
  return `${network.toString()}/${length}`;
}

/** Whether a request from this address is let through; an empty list lets everybody through, an address that cannot be read nobody. */
export function allows(list: readonly string[], from: string): boolean {
  if (list.length === 0) return true;
  const host = from.split('%')[0]!;
  if (!isStrict(host)) return false;
  const address = plain(ipaddr.parse(host));
  return list.some((entry) => {
    const range = rangeOf(entry);
    return range !== undefined && range[0].kind() === address.kind() && address.match(range[0] as never, range[1]);
  });
}
