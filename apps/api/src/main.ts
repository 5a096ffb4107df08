import 'reflect-metadata';
import { AlreadyRunningError, lockInstance } from './instance-lock.js';
import { createLogger } from './logging.js';
import { onSignals, openDatabase, readConfig } from './runtime.js';
import { ensureSampleMarket } from './sample-market.js';
import { createServer } from './server.js';
import { welcome } from './welcome.js';

const config = readConfig();
const logger = createLogger(config.LOG_LEVEL);
const unlock = await lockInstance(config.DATA_DIR, () => `process ${process.pid}, ${config.publicUrl}`).catch((error: Error) => {
  if (!(error instanceof AlreadyRunningError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(75);
});
const database = await openDatabase(config, logger);
const server = await createServer({ config, databaseUrl: database.url }, logger);
onSignals(async (signal) => {
  logger.info({ signal }, 'stopping');
  await server.close();
  await database.embedded?.stop();
  unlock();
  logger.info('stopped');
});
database.embedded?.died.then((output) => {
  logger.fatal({ output }, 'the embedded PostgreSQL ended');
  process.exit(1);
}, () => undefined);
await server.app.listen(config.PORT, config.HOST);
logger.info({ url: config.publicUrl, graphql: `${config.publicUrl}/graphql` }, 'listening');
const filled = await ensureSampleMarket(server.app, config, (line) => logger.info(`sample market: ${line}`));
if (config.devIssuer && (filled || process.stdout.isTTY)) process.stdout.write(await welcome(server.app, config));
