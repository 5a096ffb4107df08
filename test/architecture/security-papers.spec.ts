import { existsSync, globSync, readFileSync } from 'node:fs';

/** Files of this repository that a paper names, in backticks or as a link. */
const named = (text: string): string[] => [...text.matchAll(/(?:`|\]\()((?:test|libs|apps|docs|migrations)\/[\w./*-]+)/g)].map((m) => m[1]!);

describe('what the papers name', () => {
  it.each(['SECURITY.md', 'ARCHITECTURE.md', 'README.md'])('%s names files that are there', (paper) => {
    const missing = named(readFileSync(paper, 'utf8')).filter((file) => (file.includes('*') ? globSync(file).length === 0 : !existsSync(file)));
    expect(missing).toEqual([]);
    expect(named('see `test/nothing.spec.ts` and [it](docs/none.md)')).toEqual(['test/nothing.spec.ts', 'docs/none.md']);
  });
});
