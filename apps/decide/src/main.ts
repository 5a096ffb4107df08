// oxlint-disable no-console -- what is decided goes to the standard output, what is said of it to the other one
import { readFile } from 'node:fs/promises';
import { decideFile, DecisionFileError, packagedLaw } from '#compliance';

/** Decides every case of a file under the packaged law of its day: one JSON line a case, no database and no network. */
const [file] = process.argv.slice(2);
if (!file) {
  console.error('usage: npm run decide -- cases.json');
  process.exit(2);
}
try {
  const { lines, disagreements } = decideFile(await packagedLaw(), JSON.parse(await readFile(file, 'utf8')));
  process.stdout.write(lines.map((l) => `${JSON.stringify(l)}\n`).join(''));
  console.error(`${lines.length} cases, ${disagreements.length} disagree with what they expect`);
  for (const { id, differences } of disagreements) console.error(`  ${id}: ${differences.join('; ')}`);
  process.exitCode = disagreements.length ? 1 : 0;
} catch (error) {
  if (!(error instanceof DecisionFileError || error instanceof SyntaxError || (error as NodeJS.ErrnoException).code)) throw error;
  console.error(`${file}: ${(error as Error).message}`);
  process.exitCode = 2;
}
