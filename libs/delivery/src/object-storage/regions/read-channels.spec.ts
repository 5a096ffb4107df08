import { readRegions } from './read-regions.js';

const LOCAL = { id: 'local', jurisdiction: 'CN', kind: 'disk' };
const PUBLIC = { id: 'open', kind: 'public', regions: ['local'], destinations: ['SG'], presigned: true };
const LEASED = { id: 'leased', kind: 'networks', regions: ['local'], within: ['10.0.0.0/8'] };
const MUTUAL = { id: 'sealed', kind: 'mutual-tls', regions: ['local'], url: 'https://files.example:4443', authoritiesFile: '/etc/ca.pem' };
const HEADER = { name: 'X-Client-Cert', from: ['127.0.0.1'] };
const read = (over: object): ReturnType<typeof readRegions> => readRegions(JSON.stringify({ regions: [LOCAL], ...over }), '/data');

describe('the configuration of delivery channels', () => {
  it('is read in its order', () => {
    expect(read({ channels: [LEASED, MUTUAL, PUBLIC], clientCertificateHeader: HEADER })).toMatchObject({
      channels: [{ id: 'leased', within: ['10.0.0.0/8'], destinations: null }, { id: 'sealed', url: 'https://files.example:4443', authoritiesFile: '/etc/ca.pem' }, { id: 'open', destinations: ['SG'], presigned: true }],
      certificateHeader: { name: 'x-client-cert', from: ['127.0.0.1'] },
    });
  });
  it.each([
    [{ channels: [] }, 'channels: a list of 1 to 50'],
    [{ channels: [PUBLIC, PUBLIC] }, 'channels: open stands twice'],
    [{ channels: [{ ...PUBLIC, kind: 'pigeon' }] }, 'channels[0].kind: one of public, networks, mutual-tls'],
    [{ channels: [{ ...PUBLIC, regions: ['moon'] }] }, 'channels[0].regions: a list of ids of regions'],
    [{ channels: [{ ...PUBLIC, destinations: ['XX'] }] }, 'channels[0].destinations: a list of countries that it delivers to, ISO 3166-1 alpha-2'],
    [{ channels: [{ ...PUBLIC, within: ['10.0.0.0/8'] }] }, 'channels[0]: within is not known'],
    [{ channels: [{ ...LEASED, within: ['10.0.0.0/33'] }] }, 'channels[0].within: a list of networks (CIDR)'],
    [{ channels: [{ ...LEASED, presigned: true }] }, 'channels[0]: presigned is not known'],
    [{ channels: [{ ...PUBLIC, url: 'files.example' }] }, 'channels[0].url: http(s)://host:port, without a path'],
    [{ channels: [MUTUAL] }, 'channels: mutual-tls needs tls or clientCertificateHeader'],
    [{ regions: [LOCAL, { ...LOCAL, id: 'other', folder: '/x' }], channels: [PUBLIC] }, 'channels: none serves the region other'],
    [{ clientCertificateHeader: { name: 'x-cert' } }, 'clientCertificateHeader.from: addresses of the proxies that write it (CIDR)'],
    [{ nginx: {} }, 'nginx.from: addresses from which nginx asks (CIDR)'], [{ nginx: { from: ['127.0.0.1'], location: 'x' } }, 'nginx.location: an internal location such as /entrepot-objects/'],
    [{ nginx: { from: ['127.0.0.1'], mostBytes: 0 } }, 'nginx.mostBytes: a whole number of bytes'],
    [{ tls: { port: 0, certificateFile: 'x.pem', keyFile: '/k' } }, 'tls.certificateFile: an absolute path'],
  ])('names what is wrong: %j', (over, problem) => {
    expect(read(over)).toMatchObject({ wrong: expect.arrayContaining([problem]) as string[] });
  });
});
