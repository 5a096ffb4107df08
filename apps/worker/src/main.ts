import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { WorkerRuntime } from '#shared';
import { RoomsModule } from '../../api/src/app.module.js';
import { createLogger, NestLogger } from '../../api/src/logging.js';
import { configurationFailed, onSignals, openDatabase, readConfig, stopWithParent } from '../../api/src/runtime.js';

// The relay and the schedules without HTTP; any number of them share one DATABASE_URL.
const config = readConfig();
const logger = createLogger(config.LOG_LEVEL);
if (!config.DATABASE_URL) {
  process.stderr.write('DATABASE_URL: the worker shares a database with the api; the embedded one belongs to the process that started it.\n');
  process.exit(78);
}
const database = await openDatabase(config, logger);
const app = await NestFactory.createApplicationContext(RoomsModule.register({ config, databaseUrl: database.url }), { logger: new NestLogger(logger), abortOnError: false }).catch(configurationFailed);
const worker = app.get(WorkerRuntime);
onSignals(async (signal) => {
  logger.info({ signal }, 'stopping');
  await worker.stop();
  await app.close();
});
stopWithParent();
worker.start();
logger.info('worker started');
