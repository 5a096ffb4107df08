import { setTimeout as pause } from 'node:timers/promises';

/** A refusal by the exchange: an expected answer of its API, not a failure of the connection. */
export class RefusedError extends Error {
  constructor(readonly act: string, readonly refusal: Record<string, unknown>) {
    super(`${act} was refused: ${JSON.stringify(refusal)}`);
  }
}

const PATIENCE_MS = 90_000;
const PAUSE_MS = 300;

/** Tries again while the exchange cannot be reached, as a pipeline would; safe because every write carries its idempotency key. */
async function patiently<T>(what: string, attempt: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (let told = false; ; told = true) {
    try {
      return await attempt();
    } catch (error) {
      if (error instanceof RefusedError || !isConnection(error) || Date.now() > deadline) throw error;
      if (!told) process.stdout.write(`   … the exchange cannot be reached (${what}), trying again\n`);
      await pause(PAUSE_MS);
    }
  }
}

class UnavailableError extends Error {}
const isConnection = (error: unknown): boolean => error instanceof UnavailableError || (error instanceof TypeError && /fetch failed|terminated/.test(error.message));

/** One organisation's client: its credential, and nothing but the public API. */
export class ExchangeClient {
  constructor(readonly url: string, private readonly credential: string, private readonly run: string) {}

  static async signIn(url: string, subject: string, name: string, run: string): Promise<ExchangeClient> {
    const token = await patiently('sign in', async () => {
      const response = await fetch(`${url}/dev-issuer/token`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ subject, name }) });
      if (response.status >= 500) throw new UnavailableError(String(response.status));
      if (!response.ok) throw new Error(`${url} has no development issuer (${response.status}); the demo signs in with it`);
      return ((await response.json()) as { access_token: string }).access_token;
    });
    return new ExchangeClient(url, token, run);
  }

  with(credential: string): ExchangeClient {
    return new ExchangeClient(this.url, credential, this.run);
  }
  get token(): string {
    return this.credential;
  }

  async query<T>(query: string, variables: object = {}): Promise<T> {
    return this.post<T>(query, variables, {});
  }

  /** One mutation with a result union. `key` makes it happen once, however often it is sent. */
  async mutate<T>(name: string, success: string, fields: string, input: object, key?: string): Promise<T> {
    const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
    const document = `mutation($input: ${type}!) { result: ${name}(input: $input) { __typename ... on ${success} { ${fields} } ... on Problem { code message } ... on InvalidInput { fields { path message } } ... on StateConflict { current: state } } }`;
    const { result } = await this.post<{ result: T & { __typename: string } }>(document, { input }, key ? { 'idempotency-key': `${this.run}:${key}` } : {});
    if (result.__typename !== success) throw new RefusedError(name, result);
    return result;
  }

  /** Bytes over the data plane. */
  async send(path: string, init: RequestInit & { duplex?: 'half' }, body?: () => NonNullable<RequestInit['body']>): Promise<Response> {
    return patiently(path.split('/').slice(0, 3).join('/'), async () => {
      const response = await fetch(path.startsWith('http') ? path : `${this.url}${path}`, { ...init, ...(body ? { body: body() } : {}), headers: { authorization: `Bearer ${this.credential}`, ...init.headers } });
      if (response.status === 503) throw new UnavailableError('503');
      return response;
    });
  }

  private post<T>(query: string, variables: object, headers: Record<string, string>): Promise<T> {
    return patiently('GraphQL', async () => {
      const response = await fetch(`${this.url}/graphql`, {
        method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${this.credential}`, ...headers }, body: JSON.stringify({ query, variables }),
      });
      if (response.status === 503) throw new UnavailableError('503');
      const answer = (await response.json()) as { data?: T; errors?: { message: string; extensions?: { code?: string } }[] };
      if (answer.errors?.length) throw new Error(answer.errors.map((e) => `${e.extensions?.code ?? ''} ${e.message}`).join('; '));
      return answer.data!;
    });
  }
}

/** Asks until the answer is there; shows that it is waiting once a second has gone. */
export async function until<T>(what: string, ask: () => Promise<T | null | undefined | false>): Promise<T> {
  const started = Date.now();
  for (let told = 0; Date.now() - started < PATIENCE_MS; ) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() - started > (told + 1) * 1_000) {
      told++;
      process.stdout.write(`   … waiting for ${what} (${told} s)\n`);
    }
    await pause(60);
  }
  throw new Error(`${what} did not come within ${PATIENCE_MS / 1000} s`);
}
