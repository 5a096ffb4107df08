import ipaddr from 'ipaddr.js';

/** Where a connection without credential comes from: its IPv4 address, or the /64 that one IPv6 subscriber holds whole. */
export function addressKey(address: string): string {
  if (!ipaddr.isValid(address)) return 'unreadable';
  const parsed = ipaddr.process(address);
  return parsed instanceof ipaddr.IPv6 ? `${parsed.parts.slice(0, 4).map((part) => part.toString(16)).join(':')}::/64` : parsed.toString();
}

/** Whether this is an address or a block of addresses, such as `10.0.0.0/8`. */
export const isAddressBlock = (text: string): boolean => ipaddr.isValid(text) || ipaddr.isValidCIDR(text);
