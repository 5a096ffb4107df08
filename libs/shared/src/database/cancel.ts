import { once } from 'node:events';
import { type ClientBase, Connection } from 'pg';

/** Whoever asked has gone, or the time for it is over: the statement was cancelled. */
export class StatementCancelled extends Error {
  /** `usable`: the connection may serve another; else it must be closed. */
  constructor(readonly usable: boolean, options?: ErrorOptions) {
    super('the statement was cancelled', options);
  }
}

/** A backend or a network that does not answer a cancellation is not waited for. */
const PATIENCE_MS = 1_000;
const QUERY_CANCELED = '57014';

interface Internals {
  readonly processID: number;
  readonly secretKey: number;
  readonly host: string;
  readonly port: number;
  readonly ssl: boolean | object;
}

/**
 * Runs a statement on a connection that this caller alone holds, and cancels it in the database when `signal` fires. It answers only once
 * the cancellation can hit no later statement of that connection, so the connection may be handed on as soon as it answers:
 * `StatementCancelled.usable` says whether it is any good. A signal that fires after the end does nothing.
 */
export async function cancellable<T>(client: ClientBase, signal: AbortSignal | undefined, run: () => Promise<T>): Promise<T> {
  if (!signal) return run();
  if (signal.aborted) throw new StatementCancelled(true);
  let cancelling: Promise<boolean> | undefined;
  const onAbort = (): void => void (cancelling = cancelRequest(client as ClientBase & Internals).then(() => true, () => false));
  signal.addEventListener('abort', onAbort, { once: true });
  let outcome: { value: T } | { error: unknown };
  try {
    outcome = { value: await run() };
  } catch (error) {
    outcome = { error };
  }
  signal.removeEventListener('abort', onAbort);
  const usable = cancelling === undefined || ((await cancelling) && (await isClear(client)));
  if ('value' in outcome && usable) return outcome.value;
  const cause = 'error' in outcome ? outcome.error : undefined;
  if (cancelling !== undefined && (!usable || (cause as { code?: string }).code === QUERY_CANCELED)) throw new StatementCancelled(usable, { cause });
  throw cause;
}

/**
 * PostgreSQL's CancelRequest, over a connection of its own, without a password and outside of `max_connections`; a pooler in between
 * understands it too, where it would not know the backend's number. The server closes it once the signal is sent.
 */
async function cancelRequest({ host, port, ssl, processID, secretKey }: ClientBase & Internals): Promise<void> {
  const connection = new Connection({ ssl } as object) as Connection & { connect(port: number | string, host?: string): void; cancel(id: number, key: number): void; requestSsl(): void };
  connection.on('error', () => undefined);
  const timeout = AbortSignal.timeout(PATIENCE_MS);
  const ended = once(connection, 'end', { signal: timeout });
  connection.on(ssl ? 'sslconnect' : 'connect', () => connection.cancel(processID, secretKey));
  if (ssl) connection.on('connect', () => connection.requestSsl());
  if (host.startsWith('/')) connection.connect(`${host}/.s.PGSQL.${port}`);
  else connection.connect(port, host);
  try {
    await ended;
  } finally {
    connection.stream.destroy();
  }
}

/** A signal that was sent has arrived before the backend answers one statement more: a late one hits this. */
async function isClear(client: ClientBase): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), PATIENCE_MS)));
  const answered = client.query('select 1').then(() => true, (error: { code?: string }) => error.code === QUERY_CANCELED);
  return Promise.race([answered, late]).finally(() => clearTimeout(timer));
}
