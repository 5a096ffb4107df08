import { homeFor, mayStore, onlyLocal, type RegionPlan } from './region.js';
import { readRegions } from './read-regions.js';

const SHANGHAI = { id: 'local', jurisdiction: 'CN', kind: 'disk' };
const FRANKFURT = { id: 'eu-frankfurt', jurisdiction: 'DE', vendors: ['FR', 'NL'], kind: 's3', bucket: 'entrepot', endpoint: 'https://s3.example.eu', awsRegion: 'eu-central-1', prefix: 'exchange/', credentialsFile: '/run/secrets/s3.json' };
const read = (json: unknown): ReturnType<typeof readRegions> => readRegions(typeof json === 'string' ? json : JSON.stringify(json), '/data/storage');
const plan = (json: unknown): RegionPlan => {
  const found = read(json);
  if ('wrong' in found) throw new Error(found.wrong.join('; '));
  return found;
};

describe('the configuration of regions', () => {
  it('is read with its places and who may use them', () => {
    expect(plan({ regions: [SHANGHAI, FRANKFURT] })).toEqual({
      defaultId: 'local',
      regions: [
        { id: 'local', jurisdiction: 'CN', vendors: ['CN'], place: { kind: 'disk', folder: '/data/storage' } },
        { id: 'eu-frankfurt', jurisdiction: 'DE', vendors: ['DE', 'FR', 'NL'], place: { kind: 's3', bucket: 'entrepot', endpoint: 'https://s3.example.eu', awsRegion: 'eu-central-1', forcePathStyle: false, prefix: 'exchange/', credentialsFile: '/run/secrets/s3.json' } },
      ],
      channels: [{ id: 'public', kind: 'public', regions: ['local', 'eu-frankfurt'], destinations: null, within: null, url: null, presigned: false, authoritiesFile: null }], tls: null, certificateHeader: null, nginx: null,
    });
    expect(plan({ default: 'eu-frankfurt', regions: [SHANGHAI, FRANKFURT] }).defaultId).toBe('eu-frankfurt');
  });
  it.each([
    ['nonsense', 'it is no JSON object'],
    ['[]', 'it is no JSON object'],
    [{ regions: [] }, 'regions: a list of 1 to 50'],
    [{ regions: [SHANGHAI, SHANGHAI] }, 'regions: local stands twice'],
    [{ default: 'elsewhere', regions: [SHANGHAI] }, 'default: elsewhere is none of the regions'],
    [{ regions: [{ ...SHANGHAI, kind: 'tape' }] }, 'regions[0].kind: disk or s3'],
    [{ regions: [{ ...SHANGHAI, id: '../x' }] }, 'regions[0].id: 2 to 40 small letters, digits and hyphens, a letter first'],
    [{ regions: [{ ...SHANGHAI, id: 'other' }] }, 'regions[0].folder: an absolute path'],
    [{ regions: [{ ...SHANGHAI, jurisdiction: 'XX' }] }, 'regions[0].jurisdiction: the country whose law applies there, ISO 3166-1 alpha-2'],
    [{ regions: [{ ...FRANKFURT, vendors: 'all' }] }, 'regions[0].vendors: a list of countries whose vendors may keep assets there, ISO 3166-1 alpha-2'],
    [{ regions: [{ ...FRANKFURT, bucket: 'A' }] }, 'regions[0].bucket: the name of a bucket'],
    [{ regions: [{ ...FRANKFURT, awsRegion: undefined }] }, 'regions[0].awsRegion: the name that the server signs with, such as eu-central-1'],
    [{ regions: [{ ...FRANKFURT, endpoint: 'https://key:secret@s3.example.eu' }] }, 'regions[0].endpoint: http(s)://host:port, without credentials'],
    [{ regions: [{ ...FRANKFURT, prefix: 'no-slash' }] }, 'regions[0].prefix: a path that ends in /'],
    [{ regions: [{ ...FRANKFURT, credentialsFile: 'relative.json' }] }, 'regions[0].credentialsFile: an absolute path'],
    [{ regions: [{ ...FRANKFURT, forcePathStyle: 'yes' }] }, 'regions[0].forcePathStyle: true or false'],
    [{ regions: [{ ...FRANKFURT, vendor: ['CN'] }] }, 'regions[0]: vendor is not known'],
    [{ regions: [{ ...FRANKFURT, secretAccessKey: 'hush' }] }, 'regions[0]: credentials stand in a file of their own (credentialsFile)'],
  ])('refuses %j', (json, problem) => {
    const found = read(json);
    expect('wrong' in found && found.wrong).toContain(problem);
    expect(JSON.stringify(found)).not.toContain('hush');
  });
});

describe('where an asset lies', () => {
  const both = plan({ regions: [SHANGHAI, FRANKFURT] });
  it('is the default, or the first that its vendor may use', () => {
    expect(['CN', 'DE', 'FR', 'US'].map((country) => homeFor(both, country)?.id ?? null)).toEqual(['local', 'eu-frankfurt', 'eu-frankfurt', null]);
    expect(homeFor(onlyLocal('/x'), 'US')?.id).toBe('local');
  });
  it('is not abroad', () => {
    expect(both.regions.map((r) => mayStore(r, 'CN'))).toEqual([true, false]);
  });
});
