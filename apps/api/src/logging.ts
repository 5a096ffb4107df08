import type { LoggerService } from '@nestjs/common';
import pino, { type Logger } from 'pino';

/** Structured logs. Credentials are cut out wherever they might stand. */
export const createLogger = (level: string): Logger =>
  pino({
    level, base: null, timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    // A driver's error carries the statement's parameters, and those may be anybody's data.
    serializers: { err: (error: Error & { code?: string }) => ({ type: error.name, message: error.message, code: error.code, stack: error.stack }) },
    redact: { paths: ['*.authorization', '*.secret', '*.token', '*.password', 'authorization', 'secret', 'token', 'password'], censor: '[redacted]' },
  });

const CHATTER = new Set(['InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'GraphQLModule', 'NestFactory', 'NestApplication']);

/** Nest's own messages through the same logger. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}
  // Nest tells of each module and route that it loads: of no use to an operator.
  log = (message: unknown, ...rest: unknown[]): void => this.write(rest.some((r) => typeof r === 'string' && CHATTER.has(r)) ? 'debug' : 'info', message, rest);
  error = (message: unknown, ...rest: unknown[]): void => this.write('error', message, rest);
  warn = (message: unknown, ...rest: unknown[]): void => this.write('warn', message, rest);
  debug = (message: unknown, ...rest: unknown[]): void => this.write('debug', message, rest);
  verbose = (message: unknown, ...rest: unknown[]): void => this.write('trace', message, rest);
  fatal = (message: unknown, ...rest: unknown[]): void => this.write('fatal', message, rest);

  private write(level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal', message: unknown, rest: unknown[]): void {
    const room = rest.findLast((r) => typeof r === 'string' && r.length < 40);
    if (message instanceof Error) this.logger[level]({ room, err: message });
    else if (typeof message === 'object' && message !== null) this.logger[level]({ ...message, room }, typeof rest[0] === 'string' && rest[0] !== room ? rest[0] : undefined);
    else this.logger[level]({ room }, String(message));
  }
}
