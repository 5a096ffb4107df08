import { readFileSync } from 'node:fs';
import path from 'node:path';

interface Lock { packages: Record<string, Record<string, unknown>> }
type Findings = (manifest: object, lock: Lock) => string[];

describe('the supply chain', () => {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { allowScripts: Record<string, boolean> };
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lock;
  let findings: Findings;
  beforeAll(async () => {
    ({ findings } = (await import(path.resolve('.ci/supply-chain.mjs'))) as { findings: Findings });
  });

  it('is in order', () => expect(findings(manifest, lock)).toEqual([]));

  it.each([
    ['no sha512', { integrity: 'sha1-AAAA' }], ['licence GPL-3.0-only', { license: 'GPL-3.0-only' }], ['licence unknown', { license: undefined }], ['licence (MIT AND GPL-3.0-only)', { license: '(MIT AND GPL-3.0-only)' }],
    ['install script', { hasInstallScript: true }], ['does not come from a registry', { resolved: 'git+ssh://git@example.com/x.git' }],
  ])('goes red for a package with: %s', (words, change) => {
    const good = { version: '1.0.0', license: 'MIT', integrity: 'sha512-AAAA' };
    expect(findings(manifest, { packages: { 'node_modules/planted': good } })).toEqual([]);
    expect(findings(manifest, { packages: { 'node_modules/planted': { ...good, ...change } } }).join()).toContain(words);
  });

  it('takes one of several licences, and only exact versions', () => {
    expect(findings(manifest, { packages: { 'node_modules/planted': { version: '1.0.0', license: '(GPL-2.0 OR MIT)', integrity: 'sha512-AAAA' } } })).toEqual([]);
    for (const range of ['^1.0.0', '~1.0.0', 'latest', '*', '>=1']) expect(findings({ dependencies: { planted: range } }, { packages: {} })).toEqual([`planted: ${range} is not one version`]);
  });
});
