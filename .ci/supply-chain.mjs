// What the lock file brings in: `npm run supply-chain`. Needs no network; `npm audit` is asked and may stay unanswered. With `--ages` the registry is asked how old each direct dependency is: before a
// new version is taken in.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const LICENCES = new Set(['MIT', 'Apache-2.0', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'BlueOak-1.0.0', 'CC0-1.0', 'Zlib', 'Unlicense', 'Python-2.0']);
/** Data rather than code, and for development only. */
const DATA_LICENCES = new Set(['CC-BY-4.0']);

/** Packages whose manifest names no licence: what their LICENSE file says, read for this one version. */
const READ_LICENCES = { 'png-js@2.0.0': 'MIT' };

/** An SPDX expression without nesting: all parts of AND, one part of OR. */
function fits(licence, dev) {
  const known = (id) => LICENCES.has(id) || (dev && DATA_LICENCES.has(id));
  return String(licence ?? '').replace(/[()]/g, '').split(' OR ').some((option) => option.split(' AND ').every((id) => known(id.trim())));
}

/** What is wrong with this lock file and manifest, one line each. */
export function findings(manifest, lock) {
  const found = [];
  const decided = new Set(Object.keys(manifest.allowScripts ?? {}));
  for (const [place, entry] of Object.entries(lock.packages)) {
    if (place === '' || entry.link) continue;
    const name = place.replace(/^.*node_modules\//, '');
    if (!(entry.integrity ?? '').startsWith('sha512-')) found.push(`${name}@${entry.version}: no sha512 in the lock file`);
    if (entry.resolved && !entry.resolved.startsWith('https://')) found.push(`${name}@${entry.version}: does not come from a registry`);
    if (!fits(entry.license ?? READ_LICENCES[`${name}@${entry.version}`], entry.dev)) found.push(`${name}@${entry.version}: licence ${entry.license ?? 'unknown'} is not on the list`);
    // Those of other platforms are never installed here; what runs on this kind of machine was decided by name.
    if (entry.hasInstallScript && !decided.has(name) && !entry.os) found.push(`${name}@${entry.version}: has an install script that nobody decided about (allowScripts)`);
  }
  for (const [name, range] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies })) {
    if (!/^(npm:[\w@/.-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(range)) found.push(`${name}: ${range} is not one version`);
  }
  return found;
}

function audit() {
  const { stdout } = spawnSync('npm', ['audit', '--json', '--omit=dev'], { encoding: 'utf8', timeout: 60_000 });
  const report = (() => {
    try {
      return JSON.parse(stdout);
    } catch {
      return {};
    }
  })();
  const counts = report.metadata?.vulnerabilities;
  if (!counts) return { answered: false, serious: [] };
  return { answered: true, serious: Object.values(report.vulnerabilities ?? {}).filter((v) => v.severity === 'high' || v.severity === 'critical').map((v) => `${v.name}: ${v.severity}`) };
}

const WEEKS_MS = 14 * 86_400_000;

/** Direct dependencies whose version is younger than two weeks, as the registry tells: most poisoned releases are found and taken back sooner. */
function young(manifest, now) {
  return Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).flatMap(([name, version]) => {
    const [, alias, number] = /^(?:npm:(.+)@)?([\w.-]+)$/.exec(version) ?? [];
    const { stdout } = spawnSync('npm', ['view', alias ?? name, 'time', '--json'], { encoding: 'utf8', timeout: 30_000 });
    const at = (() => {
      try {
        return Date.parse(JSON.parse(stdout)[number]);
      } catch {
        return Number.NaN;
      }
    })();
    if (Number.isNaN(at)) return [`${name}@${number}: the registry does not tell its age`];
    return now - at < WEEKS_MS ? [`${name}@${number}: ${Math.floor((now - at) / 86_400_000)} days old`] : [];
  });
}

/** CycloneDX, of what runs in production. */
function sbom() {
  const { stdout, status, stderr } = spawnSync('npm', ['sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev'], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (status !== 0) throw new Error(`npm sbom: ${stderr}`);
  const document = JSON.parse(stdout);
  if (document.bomFormat !== 'CycloneDX' || !document.components?.length) throw new Error('npm sbom gave no CycloneDX document');
  mkdirSync('dist', { recursive: true });
  writeFileSync('dist/sbom.cdx.json', JSON.stringify(document, null, 1));
  return document.components.length;
}

if (import.meta.main ?? process.argv[1]?.endsWith('supply-chain.mjs')) {
  const [manifest, lock] = ['package.json', 'package-lock.json'].map((file) => JSON.parse(readFileSync(file, 'utf8')));
  const found = findings(manifest, lock);
  const { answered, serious } = audit();
  const components = sbom();
  console.log(`${Object.keys(lock.packages).length - 1} packages locked; ${components} run in production: dist/sbom.cdx.json (CycloneDX)`);
  console.log(answered ? `npm audit: ${serious.length ? serious.join(', ') : 'nothing high or critical'}` : 'npm audit: the registry does not answer it');
  const fresh = process.argv.includes('--ages') ? young(manifest, Date.now()) : [];
  for (const line of [...found, ...serious, ...fresh]) console.log(`- ${line}`);
  process.exitCode = found.length || serious.length || fresh.length ? 1 : 0;
}
