import pg from 'pg';

/**
 * A connection that breaks rejects what waits for its answer; the event that it emits besides would end the process where nobody listens: when a
 * second statement is queued, when nothing is, while TypeORM hands it over. Every failover of the database would find one of these.
 */
export class SteadyClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}
