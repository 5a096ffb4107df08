/**
 * Makes or extends a manifest of trusted documents: `npm run documents:trust -- <files or folders> <manifest>`. Each `.graphql` file is one
 * document, checked against schema.graphql and the exchange's own limits. Documents that the manifest already holds stay, and are checked
 * again: clients that are still about send them.
 */
import { existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildSchema, type GraphQLSchema, parse, specifiedRules, validate } from 'graphql';
import { LIMITS } from '#shared';
import { limitDocument, limitText } from './graphql/document-limits.js';
import { countRule, oneOperationRule } from './graphql/limits.js';
import { documentId, readManifest } from './graphql/trusted-documents.js';

const SCHEMA = 'schema.graphql';

const filesIn = (place: string): string[] =>
  statSync(place).isDirectory() ? readdirSync(place, { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.graphql')).sort().map((f) => path.join(place, f)) : [place];

/** What is wrong with a document, in a line each. */
function problems(schema: GraphQLSchema, text: string): string[] {
  try {
    limitText(text);
    const document = parse(text, { maxTokens: LIMITS.queryTokens });
    limitDocument(document);
    return validate(schema, document, [...specifiedRules, oneOperationRule, countRule]).map((e) => e.message);
  } catch (error) {
    return [(error as Error).message];
  }
}

function trust(places: readonly string[], manifestFile: string): string[] {
  const schema = buildSchema(readFileSync(SCHEMA, 'utf8'));
  const documents = new Map(existsSync(manifestFile) ? readManifest(manifestFile) : []);
  const kept = [...documents].map(([id, text]) => ({ name: id, text }));
  const given = places.flatMap(filesIn).map((file) => ({ name: file, text: readFileSync(file, 'utf8') }));
  const wrong = [...kept, ...given].flatMap(({ name, text }) => problems(schema, text).map((p) => `${name}: ${p}`));
  if (wrong.length) return wrong;
  for (const { name, text } of given) {
    const id = documentId(text);
    documents.set(id, text);
    process.stdout.write(`${id} ${name}\n`);
  }
  // Whole or not at all: a process may start while this is written.
  writeFileSync(`${manifestFile}.new`, `${JSON.stringify(Object.fromEntries([...documents].sort(([a], [b]) => (a < b ? -1 : 1))), null, 2)}\n`);
  renameSync(`${manifestFile}.new`, manifestFile);
  return [];
}

const places = process.argv.slice(2);
const manifestFile = places.pop();
if (!manifestFile || !places.length) {
  process.stderr.write('usage: npm run documents:trust -- <files or folders> <manifest>\n');
  process.exit(64);
}
try {
  const wrong = trust(places, manifestFile);
  if (wrong.length) {
    process.stderr.write(`${wrong.join('\n')}\nThe manifest was not changed.\n`);
    process.exitCode = 65;
  }
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 66;
}
