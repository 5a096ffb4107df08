import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

interface Habit {
  readonly breach: RegExp;
  /** Files that the habit is made in. */
  readonly except?: RegExp;
}

/** Habits that a reader cannot hold in mind for every file, each with what breaks it. */
const HABITS: Record<string, Habit> = {
  'calls outside through the one client': { breach: /(?<![\w.])fetch\(|from 'node:https?'.*\brequest\b|(?:https?|http2)\.(?:request|get|connect)\(|from 'undici'/, except: /^libs\/shared\/src\/outgoing\// },
  'decides no access by the path of a request': { breach: /MiddlewareConsumer|NestMiddleware|\bapp\.use\(|(?:req|request)\.(?:url|path|originalUrl)\.(?:startsWith|includes|match|indexOf)|\.test\((?:req|request)\.(?:url|path|originalUrl)\)/ },
  // What goes out to a bucket in parts (MultipartUpload of S3) is none.
  'takes no multipart bodies': { breach: /multipart(?!: false|Upload)|graphql-upload/i },
  'inherits no resolver and no controller': { breach: /class \w+(?:Resolver|Controller) extends/ },
  'makes no cryptography of its own': { breach: /createCipheriv|createDecipheriv|createSign\(|createVerify\(|pbkdf2|Math\.random\(\)\.toString/ },
  'reads no secret from the environment past the configuration': { breach: /process\.env\[?\.?['"]?\w*(?:SECRET|KEY|TOKEN|PASSWORD)/ },
};

const sources = (): string[] => ['libs', 'apps/api', 'apps/worker'].flatMap((root) => readdirSync(root, { recursive: true, encoding: 'utf8' }).map((f) => path.posix.join(root, f))).filter((f) => f.endsWith('.ts') && !f.endsWith('spec.ts'));
const uncommented = (text: string): string => text.replace(/\/\*[^]*?\*\/|(?<!:)\/\/.*$/gm, '');

function breaches({ breach, except }: Habit, files: readonly (readonly [string, string])[]): string[] {
  return files.filter(([file, text]) => !except?.test(file) && breach.test(uncommented(text))).map(([file]) => file);
}

const PLANTED: Record<string, string> = {
  'calls outside through the one client': `const answer = await fetch(url);`,
  'decides no access by the path of a request': `if (request.url.startsWith('/admin')) throw new Error();`,
  'takes no multipart bodies': `import multipart from '@fastify/multipart';`,
  'inherits no resolver and no controller': `export class AdminResolver extends BaseResolver {}`,
  'makes no cryptography of its own': `createCipheriv('aes-256-gcm', key, iv)`,
  'reads no secret from the environment past the configuration': `process.env['STRIPE_SECRET_KEY']`,
};

describe('the house', () => {
  const files = sources().map((file) => [file, readFileSync(file, 'utf8')] as const);

  it.each(Object.keys(HABITS))('%s', (habit) => {
    expect(files.length).toBeGreaterThan(200);
    expect(breaches(HABITS[habit]!, files)).toEqual([]);
    expect(breaches(HABITS[habit]!, [['planted.ts', PLANTED[habit]!]])).toEqual(['planted.ts']);
  });
});
