import { readFileSync } from 'node:fs';
import { ALLOWED, breaches, projectFiles, type SourceFile } from './boundaries.js';

const planted = (...files: SourceFile[]): string[] => breaches([...projectFiles(), ...files]).filter((b) => files.some((f) => b.includes(f.file)));

describe('boundaries of the rooms', () => {
  it('hold everywhere', () => expect(breaches(projectFiles())).toEqual([]));
  it('allow no cycle between rooms', () => {
    const order = Object.keys(ALLOWED);
    for (const [room, targets] of Object.entries(ALLOWED)) for (const target of targets) expect(order.indexOf(target)).toBeLessThan(order.indexOf(room) + order.length * Number(target === room));
  });
  it('know every room of package.json', () => {
    const { imports } = JSON.parse(readFileSync('package.json', 'utf8')) as { imports: Record<string, string> };
    expect(Object.keys(imports).map((i) => i.slice(1)).sort()).toEqual(Object.keys(ALLOWED).sort());
  });

  it.each([
    ['a deep import', { file: 'libs/billing/src/planted.ts', text: `import { x } from '${'#catalog'}/storage/catalog.entities.js';` }, 'goes past a door'],
    ['a relative import into another room', { file: 'libs/billing/src/planted.ts', text: "import { x } from '../../catalog/src/index.js';" }, 'enters catalog past its door'],
    ['a forbidden edge', { file: 'libs/settlement/src/planted.ts', text: "import { Contracts } from '#contracts';" }, 'settlement may not depend on contracts'],
    ['an edge upwards as a type', { file: 'libs/compliance/src/planted.ts', text: "import type { Product } from '#catalog';" }, 'compliance may not depend on catalog'],
    ['a dynamic import', { file: 'libs/audit/src/planted.ts', text: "const x = await import('#identity');" }, 'audit may not depend on identity'],
    ['an app in a room', { file: 'libs/billing/src/planted.ts', text: "import { x } from '../../../apps/api/src/server.js';" }, 'leaves the rooms'],
    ['SQL in the domain', { file: 'libs/billing/src/domain/planted.ts', text: "import { DataSource } from 'typeorm';" }, 'does not belong here'],
    ['Nest in the domain', { file: 'libs/billing/src/domain/planted.ts', text: "import { Injectable } from '@nestjs/common';" }, 'does not belong here'],
    ['Stripe outside its port', { file: 'libs/billing/src/use-cases/planted.ts', text: "import Stripe from 'stripe';" }, 'does not belong here'],
  ])('go red for %s', (_, file, message) => expect(planted(file).join()).toContain(message));

  it('go red for a circular import', () => {
    const a = { file: 'libs/shared/src/planted-a.ts', text: "import { b } from './planted-b.js';" };
    const b = { file: 'libs/shared/src/planted-b.ts', text: "export { a as b } from './planted-a.js';" };
    expect(planted(a, b).join()).toContain('circular import');
  });
});
