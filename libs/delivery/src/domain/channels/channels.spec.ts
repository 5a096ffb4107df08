import { X509Certificate } from 'node:crypto';
import { AUTHORITY, CLIENT, OTHER_CLIENT } from '../../../../../test/support/client-certificates.js';
import { type AccessPoint, type Channel, openTo } from './channel.js';
import { chooseChannel, type ChannelNeed } from './choose-channel.js';
import { fingerprintOf, offChannel } from './client-proof.js';

const NOW = new Date('2027-01-01T00:00:00Z');
const open: Channel = { ...openTo(['cn']), destinations: ['SG', 'HK'] };
const leased: Channel = { ...open, id: 'leased', kind: 'networks', destinations: null };
const sealed: Channel = { ...open, id: 'sealed', kind: 'mutual-tls', destinations: ['SG'], authorities: [AUTHORITY] };
const point = (kind: AccessPoint['kind'], value: string, country = 'SG'): AccessPoint =>
  ({ id: value, organisationId: 'o', kind, value, country, label: 'x', subject: null, validUntil: kind === 'NETWORK' ? null : new Date('2100-01-01'), addedBy: 'member:x', addedAt: NOW });
const network = point('NETWORK', '203.0.113.0/24');
const need = (over: Partial<ChannelNeed> = {}): ChannelNeed => ({ region: 'cn', destination: 'SG', wanted: null, points: [], now: NOW, against: () => undefined, ...over });
const only = (kind: string): ChannelNeed['against'] => (c) => (c.kind === kind ? undefined : `the terms ask for ${kind}`);
const outcome = (channels: readonly Channel[], over: Partial<ChannelNeed> = {}): string => {
  const found = chooseChannel(channels, need(over));
  return 'rule' in found ? `${found.rule}: ${found.message}` : found.id;
};

describe('the channel of a delivery', () => {
  it('is the first that serves region, destination, terms and the buyer', () => {
    expect(outcome([leased, open])).toBe('public');
    expect(outcome([leased, open], { points: [network] })).toBe('leased');
    expect(outcome([leased, open], { points: [network], wanted: 'public' })).toBe('public');
    expect(outcome([open, sealed, leased], { points: [network], against: only('networks') })).toBe('leased');
  });
  it.each([
    [{ region: 'de' }, 'REGION: no delivery channel serves the storage region de'],
    [{ destination: 'US' }, 'DESTINATION: what lies in cn may not be delivered to US: its channels public (public), sealed (mutual-tls) deliver to HK, SG'],
    [{ against: () => 'no clause permits it' }, 'TERMS: no clause permits it; from cn to SG there are public (public), sealed (mutual-tls)'],
    [{ wanted: 'pigeon' }, 'WANTED: pigeon is no channel for this delivery: public (public), sealed (mutual-tls) would be'],
    [{ against: only('mutual-tls'), points: [network, point('CERTIFICATE', 'aa', 'HK')] }, 'ACCESS: sealed (mutual-tls) would carry it: register a certificate that stands in SG first'],
  ])('is refused with the rule and what would fit: %j', (over, expected) => {
    expect(outcome([open, sealed], over as Partial<ChannelNeed>)).toBe(expected);
  });
});

describe('who is on a channel', () => {
  const client = new X509Certificate(CLIENT.cert);
  const own = [network, point('CERTIFICATE', fingerprintOf(client)), point('CERTIFICATE', fingerprintOf(new X509Certificate(OTHER_CLIENT.cert)))];
  const off = (channel: Channel, proof: { address?: string; certificate?: X509Certificate | null }, points = own, destination = 'SG'): string | undefined => offChannel(channel, { address: '203.0.113.7', certificate: null, ...proof }, points, destination, NOW);

  it('is everybody on the public one', () => expect(off(open, { address: 'nonsense' }, [])).toBeUndefined());
  it('is whoever is inside a network of the buyer in that country, within those of the channel', () => {
    expect(off(leased, {})).toBeUndefined();
    expect(off(leased, { address: '::ffff:203.0.113.7' })).toBeUndefined();
    for (const wrong of [off(leased, { address: '203.0.114.1' }), off(leased, { address: 'nonsense' }), off(leased, {}, []), off(leased, {}, own, 'HK')]) expect(wrong).toMatch('in no network');
    expect(off({ ...leased, within: ['203.0.113.0/28'] }, { address: '203.0.113.99' })).toMatch('in no network');
  });
  it('is whoever holds a registered certificate that counts there', () => {
    expect(off(sealed, { certificate: client })).toBeUndefined();
    expect(off(sealed, {})).toMatch('a client certificate is needed');
    expect(off(sealed, { certificate: client }, [network])).toMatch('not one that the buyer registered');
    expect(off(sealed, { certificate: new X509Certificate(OTHER_CLIENT.cert) })).toMatch('not issued by an authority');
    expect(off({ ...sealed, authorities: null }, { certificate: new X509Certificate(OTHER_CLIENT.cert) })).toBeUndefined();
  });
});
