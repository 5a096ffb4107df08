import 'reflect-metadata';
import { flushCompileCache } from 'node:module';
import { AlreadyRunningError, lockInstance } from './instance-lock.js';
import { createLogger } from './logging.js';
import { configurationFailed, onSignals, openDatabase, readConfig, stopWithParent } from './runtime.js';
import { ensureSampleMarket } from './sample-market.js';
import { createServer } from './server.js';
import { welcome } from './welcome.js';

const config = readConfig();
const logger = createLogger(config.LOG_LEVEL);
// With a database of their own elsewhere, several processes may share the folder of stored files.
const unlock = config.DATABASE_URL ? () => undefined : await lockInstance(config.DATA_DIR, () => `process ${process.pid}, ${config.publicUrl}`).catch((error: Error) => {
  if (!(error instanceof AlreadyRunningError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(75);
});
const database = await openDatabase(config, logger);
const server = await createServer({ config, databaseUrl: database.url }, logger).catch(async (error: unknown) => {
  await database.embedded?.stop();
  unlock();
  return configurationFailed(error);
});
database.embedded?.died.then((output) => {
  logger.fatal({ output }, 'the embedded PostgreSQL ended');
  process.exit(1);
}, () => undefined);
const stop = async (): Promise<void> => {
  await server.close();
  await database.embedded?.stop();
  unlock();
};
onSignals(async (signal) => {
  logger.info({ signal }, 'stopping');
  await stop();
  logger.info('stopped');
});
stopWithParent();
await server.app.listen(config.PORT, config.HOST).catch(async (error: NodeJS.ErrnoException) => {
  process.stderr.write(error.code === 'EADDRINUSE' ? `PORT: ${config.PORT} on ${config.HOST} is taken by another program; set PORT to a free one.\n` : `${error.message}\n`);
  await stop();
  process.exit(74);
});
// Where a folder for compiled code is given (the npm scripts do), a process that dies later leaves it to the next start all the same.
flushCompileCache();
logger.info({ url: config.publicUrl, graphql: `${config.publicUrl}/graphql` }, 'listening');
await ensureSampleMarket(server.app, config, (line) => logger.info(`sample market: ${line}`)).catch((error: Error) => logger.error({ err: error }, 'the sample market is not complete; the exchange runs on, the next start goes on with it'));
if (config.devIssuer) process.stdout.write(await welcome(server.app, config));
