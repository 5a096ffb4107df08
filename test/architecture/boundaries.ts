import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** Who may depend on whom; ARCHITECTURE.md gives the same table with its reasons. */
export const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  shared: [],
  audit: ['shared'],
  identity: ['shared', 'audit'],
  compliance: ['shared', 'audit', 'identity'],
  catalog: ['shared', 'audit', 'identity', 'compliance'],
  contracts: ['shared', 'audit', 'identity', 'compliance', 'catalog'],
  metering: ['shared', 'audit', 'identity', 'contracts'],
  settlement: ['shared', 'audit', 'identity'],
  delivery: ['shared', 'audit', 'identity', 'compliance', 'catalog', 'contracts', 'metering'],
  billing: ['shared', 'audit', 'identity', 'contracts', 'metering', 'settlement'],
  einvoice: ['shared', 'audit', 'identity', 'settlement', 'billing'],
  oversight: ['shared', 'audit', 'identity', 'compliance', 'catalog', 'contracts', 'metering', 'settlement', 'delivery', 'billing'],
};

/** Packages that only one place may know. */
const PACKAGE_HOMES: readonly { readonly name: RegExp; readonly allowed: RegExp }[] = [
  { name: /^(typeorm|pg)(\/|$)/, allowed: /^(libs\/[a-z]+\/src\/storage\/|libs\/shared\/src\/(database|commands)|libs\/[a-z]+\/src\/[a-z]+\.module\.ts)/ },
  { name: /^stripe(\/|$)/, allowed: /\/stripe\// },
  { name: /^pdfkit(\/|$)/, allowed: /^libs\/einvoice\/src\/pdf\// },
  { name: /^saxes(\/|$)/, allowed: /^libs\/einvoice\/src\/domain\/xml\// },
  { name: /^@nestjs\//, allowed: /^(?!libs\/[a-z]+\/src\/domain\/)/ },
];

export interface SourceFile {
  readonly file: string;
  readonly text: string;
}

export function projectFiles(): SourceFile[] {
  const files: SourceFile[] = [];
  const walk = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const at = path.posix.join(folder, entry.name);
      if (entry.isDirectory()) walk(at);
      else if (entry.name.endsWith('.ts')) files.push({ file: at, text: readFileSync(at, 'utf8') });
    }
  };
  walk('libs');
  walk('apps');
  return files;
}

const roomOf = (file: string): string | undefined => /^libs\/([^/]+)\//.exec(file)?.[1];
const isTest = (file: string): boolean => file.endsWith('spec.ts');

/** Every breach of the house's rules about imports: file and what is wrong with it. */
export function breaches(files: readonly SourceFile[]): string[] {
  const found: string[] = [];
  const known = new Set(files.map((f) => f.file));
  const edges = new Map<string, Set<string>>();
  for (const { file, text } of files) {
    const mine = roomOf(file);
    const imports = ts.preProcessFile(text, true, true).importedFiles.map((i) => i.fileName);
    for (const specifier of imports) {
      const target = specifier.startsWith('.') ? path.posix.normalize(path.posix.join(path.posix.dirname(file), specifier)) : undefined;
      const room = specifier.startsWith('#') ? specifier.slice(1).split('/')[0]! : target && roomOf(target);
      if (specifier.startsWith('#') && specifier.includes('/')) found.push(`${file}: ${specifier} goes past a door`);
      if (target && room && room !== mine) found.push(`${file}: ${specifier} enters ${room} past its door`);
      if (mine && target && !room && !isTest(file)) found.push(`${file}: ${specifier} leaves the rooms`);
      if (mine && room && room !== mine && !isTest(file) && !(ALLOWED[mine] ?? []).includes(room)) found.push(`${file}: ${mine} may not depend on ${room}`);
      if (!isTest(file) && mine) for (const home of PACKAGE_HOMES) if (home.name.test(specifier) && !home.allowed.test(file)) found.push(`${file}: ${specifier} does not belong here`);
      const source = target?.replace(/\.js$/, '.ts');
      if (source && known.has(source) && !isTypeOnly(text, specifier)) edges.set(file, (edges.get(file) ?? new Set()).add(source));
    }
  }
  return [...found, ...cycles(edges)];
}

/** `import type` leaves nothing at run time. */
function isTypeOnly(text: string, specifier: string): boolean {
  const escaped = specifier.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const statements = [...text.matchAll(new RegExp(`^(import|export)\\s+([^;]*?)from\\s+['"]${escaped}['"]`, 'gm'))].map((m) => m[2]!.trim());
  return statements.length > 0 && statements.every((s) => s.startsWith('type ') || (s.startsWith('{') && s.slice(1, -1).split(',').every((n) => n.trim() === '' || n.trim().startsWith('type '))));
}

function cycles(edges: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, trail: readonly string[]): void => {
    if (trail.includes(file)) {
      found.push(`circular import: ${[...trail.slice(trail.indexOf(file)), file].join(' > ')}`);
      return;
    }
    if (done.has(file)) return;
    for (const next of edges.get(file) ?? []) visit(next, [...trail, file]);
    done.add(file);
  };
  for (const file of edges.keys()) visit(file, []);
  return found;
}
