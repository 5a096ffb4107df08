import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { asSystem, RotateSecrets } from '#shared';
import { RoomsModule } from './app.module.js';
import { lockInstance } from './instance-lock.js';
import { createLogger, NestLogger } from './logging.js';
import { openDatabase, readConfig } from './runtime.js';

// `npm run secrets:rotate`: a new envelope key, and every secret at rest sealed with it. Beside running processes where the database is one
// of its own; the embedded one belongs to the process that started it, so there the exchange has to be stopped first.
const config = readConfig();
const logger = createLogger(config.LOG_LEVEL === 'info' ? 'warn' : config.LOG_LEVEL);
const unlock = config.DATABASE_URL ? () => undefined : await lockInstance(config.DATA_DIR, () => `process ${process.pid}, rotating secrets`).catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(75);
});
const database = await openDatabase(config, logger);
try {
  const app = await asSystem(() => NestFactory.createApplicationContext(RoomsModule.register({ config, databaseUrl: database.url }), { logger: new NestLogger(logger), abortOnError: false }));
  const { keyId, resealed } = await app.get(RotateSecrets).execute();
  process.stdout.write(`new envelope key ${keyId}\n${Object.entries(resealed).map(([column, count]) => `${column}: ${count} sealed anew\n`).join('')}`);
  await app.close();
} finally {
  await database.embedded?.stop();
  unlock();
}
