import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { getIntrospectionQuery, parse } from 'graphql';
import pg from 'pg';
import { LIMITS } from '#shared';
import { documentId } from '../apps/api/src/graphql/trusted-documents.js';
import { type GraphAnswer, GraphClient } from './support/client.js';
import { startExchange, type TestExchange } from './support/exchange.js';

const ME = '{ me { subject } }';
const run = promisify(execFile);

describe('GraphQL against hostile requests', () => {
  /** As in production: no IDE, no introspection. */
  let exchange: TestExchange;
  let client: GraphClient;
  let base: string;
  beforeAll(async () => {
    exchange = await startExchange({ env: { GRAPHIQL: 'false', PUBLIC_URL: 'https://exchange.example' } });
    base = `http://127.0.0.1:${new URL(await exchange.app.getUrl()).port}`;
    client = await GraphClient.signIn(base, 'somebody');
  });
  afterAll(() => exchange.close());

  const post = (body: string, headers: Record<string, string> = {}): Promise<Response> => fetch(`${base}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...client.headers(), ...headers }, body });
  const send = async (body: object, headers: Record<string, string> = {}): Promise<GraphAnswer<unknown>> => (await (await post(JSON.stringify(body), headers)).json()) as GraphAnswer<unknown>;
  const refused = async (query: string, variables: object = {}): Promise<string> => {
    const { data, errors } = await send({ query, variables });
    expect(data).toBeNull();
    return errors!.map((e) => e.message).join('\n');
  };
  /** Bytes as they are, and what comes back until the server closes. */
  async function raw(...parts: (string | number)[]): Promise<string> {
    const { port, hostname } = new URL(base);
    const socket = net.connect(Number(port), hostname).on('error', () => undefined);
    let answer = '';
    socket.on('data', (chunk) => (answer += String(chunk)));
    const closed = once(socket, 'close');
    for (const part of parts) {
      if (typeof part === 'number') await pause(part);
      else if (!socket.destroyed) socket.write(part);
    }
    await closed;
    return answer;
  }

  describe('the checks of graphql-cop', () => {
    it('alias overloading', async () => expect(await refused(`{ me { ${Array.from({ length: 101 }, (_, i) => `alias${i}: __typename`).join(' ')} } }`)).toMatch(/aliases/));
    it('field duplication', async () => {
      expect(await refused(`{ me { ${'__typename '.repeat(501)} } }`)).toMatch(/more than 500 fields/);
      expect(await refused(`{ me { ${'...F '.repeat(60)} } } fragment F on Me { ${'subject '.repeat(10)} }`)).toMatch(/more than 500 fields/);
    });
    it('batches', async () => {
      const answer = await post(JSON.stringify(Array.from({ length: 10 }, () => ({ query: ME }))));
      const { data, errors } = (await answer.json()) as GraphAnswer<unknown>;
      expect([data, errors!.length]).toEqual([null, 1]);
    });
    it.each([['query', `query=${encodeURIComponent(ME)}`], ['mutation', `query=${encodeURIComponent('mutation { __typename }')}`], ['nothing', '']])('GET with a %s', async (_, search) => {
      const answer = await fetch(`${base}/graphql?${search}`, { headers: client.headers() });
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
    });
    it.each([
      ['application/x-www-form-urlencoded', `query=${encodeURIComponent(ME)}`], ['text/plain', JSON.stringify({ query: ME })], ['application/graphql', ME], ['text/json', JSON.stringify({ query: ME })],
      ['multipart/form-data; boundary=x', '--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n{}\r\n--x--'], ['application/jsonp', '{}'], ['text/plain; a=application/json', '{}'], ['*/*', '{}'],
    ])('a body of %s, refused before it is read', async (type, body) => {
      const answer = await post(body, { 'content-type': type });
      expect([answer.status, await answer.json()]).toEqual([415, { code: 'unsupported_media_type', message: 'the content type here is application/json' }]);
    });
    it('a body without content type', async () => {
      const answer = await raw(`POST /graphql HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 29\r\n\r\n{"query":"{ me { subject } }"}`);
      expect(answer).toMatch(/^HTTP\/1\.1 (415|400) /);
    });
    it('tracing', async () => expect(Object.keys(await send({ query: ME }, { 'apollo-tracing': '1', 'x-apollo-tracing': '1' }))).not.toContain('extensions'));
    it('suggestions of fields, arguments, types, input fields and values, in text and in variables', async () => {
      const wrong: [string, object?][] = [
        ['{ mee { subject } }'], ['{ me { subjec } }'], ['{ products(firs: 1) { nodes { id } } }'], ['query($x: DateTim) { me { subject } }'], ['fragment A on Prodcut { id } { me { subject } }'],
        ['mutation { registerOrganisation(input: { legalNam: "x", jurisdiction: "HK" }) { __typename } }'], ['mutation { registerOrganisation(input: { legalName: "x", jurisdiction: "HK", kind: TRADR, registryNumbers: [] }) { __typename } }'],
        ['mutation($input: RegisterOrganisationInput!) { registerOrganisation(input: $input) { __typename } }', { input: { legalNam: 'x', jurisdiction: 'HK', kind: 'TRADR', registryNumbers: [{ schem: 'USCC' }] } }],
        ['{ me { subject @skp(if: true) } }'], ['{ ...me } { me { ...Meh } }'],
      ];
      for (const [query, variables] of wrong) for (let compiled = 0; compiled < 4; compiled++) expect([query, await refused(query, variables)]).toEqual([query, expect.not.stringMatching(/did you mean/i)]);
    });
    it('an IDE', async () => {
      for (const place of ['/graphiql', '/graphiql/main.js', '/playground', '/altair', '/console']) expect((await fetch(base + place)).status).toBe(404);
      expect((await fetch(`${base}/graphql`, { headers: { accept: 'text/html' } })).status).toBe(405);
    });
    it('introspection', async () => {
      for (const query of ['{ __schema { types { name } } }', '{ __type(name: "Query") { name } }', '{ ...F } fragment F on Query { __schema { queryType { name } } }', getIntrospectionQuery()]) expect(await refused(query)).toMatch(/introspection has been disabled/);
    });
    it('directive overloading, and unknown directives', async () => {
      expect(await refused(`{ me { subject ${'@skip(if: false)'.repeat(10)} } }`)).toMatch(/directives are allowed/);
      expect(await refused(`query { ${Array.from({ length: 10 }, (_, i) => `a${i}: __typename ${'@aa'.repeat(3)}`).join(' ')} }`)).toMatch(/directives are allowed/);
      expect(await refused('{ me { subject @nonsense } }')).toMatch(/Unknown directive/);
    });
    it('circular introspection, where introspection is on', async () => {
      const open = await startExchange();
      const curious = await open.client('curious');
      const answer = await curious.raw(`{ __schema { types { ${'fields { type { '.repeat(5)} name ${'} } '.repeat(5)} } } }`);
      const tools = await curious.raw(getIntrospectionQuery());
      const helpful = await curious.raw('{ me { subjec } }');
      const page = await fetch(`${open.url}/graphiql`);
      await open.close();
      expect([answer.data, tools.errors, page.status, page.headers.get('content-security-policy')]).toEqual([null, undefined, 200, null]);
      expect(helpful.errors![0]!.message).toMatch(/Did you mean/);
    });
    it('circular fragments', async () => expect(await refused('{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }')).toMatch(/spreads itself/));
    it('failures that nobody thought of show nothing of the inside', async () => {
      for (const body of ['null', '"x"', '1', '[]', '{}', '{"query":1}', '{"query":null}', '{"query":{}}', '{"query":"{"}', '{"query":"{ me { subject } }","variables":[]}', '{"query":"{ me { subject } }","variables":"x"}', '{"query":"{ me { subject } }","operationName":5}', '{"query":', '']) {
        const answer = await post(body);
        const text = await answer.text();
        expect([body, text.includes('INTERNAL_SERVER_ERROR'), /node_modules|at .*\.[jt]s|TypeError|undefined/.test(text), answer.status < 500]).toEqual([body, false, false, true]);
      }
    });
  });

  it.each(['__schema', '__type', '__A'])('a fragment called %s avoids no limit', async (name) => {
    expect(await refused(`{ products { nodes { ...${name} } } } fragment ${name} on Product { ${'vendor { '.repeat(12)} id ${'} '.repeat(12)} }`)).toMatch(/levels deep/);
    expect(await refused(`{ me { ...${name} } } fragment ${name} on Me { ${'subject '.repeat(501)} }`)).toMatch(/more than 500 fields/);
    expect(await refused(`{ me { ...${name} } } fragment ${name} on Me { ${Array.from({ length: 16 }, (_, i) => `a${i}: subject`).join(' ')} }`)).toMatch(/aliases/);
    const dear = `{ products(first: 100) { nodes { ...${name} } } } fragment ${name} on Product { datasets { id title description } assets { id fileName sha256 mediaType } offers { id title productId state purposes } }`;
    expect(await refused(dear)).toMatch(/this query costs/);
  });

  it('a syntax tree as JSON is no document, and long texts are not remembered', async () => {
    expect(await refused(JSON.stringify(parse(ME)))).toMatch(/not a GraphQL document/);
    expect(await refused(JSON.stringify({ kind: 'Document', definitions: [{ kind: 'OperationDefinition' }], loc: {} }))).toMatch(/not a GraphQL document/);
    expect(await refused(`{ me { subject } } #${'x'.repeat(20_000)}`)).toMatch(/at most 20000 characters/);
  });

  it('refuses deep, endless and poisoned bodies before anything reads them', async () => {
    const deep = `{"query":"query($a: ID!) { product(id: $a) { id } }","variables":{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}}`;
    const long = JSON.stringify({ query: ME, variables: { a: Array.from({ length: 60_000 }, () => 1) } });
    for (const body of [deep, long]) {
      const answer = await post(body);
      expect([answer.status, ((await answer.json()) as GraphAnswer<unknown>).errors![0]!.message]).toEqual([400, expect.stringMatching(/nested more than 64 deep|more than 50000 values/)]);
    }
    for (const poison of ['{"query":"{ me { subject } }","variables":{"a":{"__proto__":{"x":1}}}}', '{"query":"{ me { subject } }","variables":{"constructor":{"prototype":{"x":1}}}}', '{"query":"{ me { subject } }","variables":{"\\u005f_proto__":{"x":1}}}']) {
      expect((await post(poison)).status).toBe(400);
    }
    const started = performance.now();
    const listed = await send({ query: 'mutation($input: RegisterOrganisationInput!) { registerOrganisation(input: $input) { __typename } }', variables: { input: { registryNumbers: Array.from({ length: 40_000 }, () => 1) } } });
    expect([listed.data, listed.errors!.length <= 51, performance.now() - started < 2_000]).toEqual([null, true, true]);
    expect((await fetch(`${base}/dev-issuer/token`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: `${'['.repeat(100)}${']'.repeat(100)}` })).status).toBe(400);
  });

  it('has no WebSocket', async () => {
    const upgrade = (method: string): string => `${method} /graphql HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-protocol: graphql-transport-ws\r\n\r\n`;
    const answer = await Promise.race([raw(upgrade('GET'), 300, 'GET /graphql HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n'), pause(3_000).then(() => 'kept open')]);
    expect(answer).toMatch(/^HTTP\/1\.1 405 /);
    expect(answer).not.toMatch(/101 Switching/);
  });

  it('reads no cookie and takes whatever answer type is asked for as JSON', async () => {
    const answer = await fetch(`${base}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json; charset=utf-8', cookie: `session=${client.credential}; token=${client.credential}; authorization=Bearer ${client.credential}` }, body: JSON.stringify({ query: ME }) });
    expect(((await answer.json()) as GraphAnswer<unknown>).errors![0]!.extensions.code).toBe('UNAUTHENTICATED');
    const accepted = await post(JSON.stringify({ query: ME }), { accept: 'application/graphql-response+json, application/json;q=0.9' });
    expect([accepted.status, ((await accepted.json()) as GraphAnswer<unknown>).errors]).toEqual([200, undefined]);
  });

  it('says on every answer how a browser is to take it', async () => {
    const answers = await Promise.all([
      post(JSON.stringify({ query: ME })), post('{', {}), post('x', { 'content-type': 'text/plain' }), fetch(`${base}/nowhere`), fetch(`${base}/health/live`), fetch(`${base}/v1/downloads/none`), fetch(`${base}/%zz`), fetch(`${base}/graphql`),
      fetch(`${base}/nowhere`, { headers: { authorization: 'Bearer wrong-wrong' } }),
    ]);
    for (const { url, status, headers } of answers) {
      expect([url, status, ...['x-content-type-options', 'referrer-policy', 'content-security-policy', 'strict-transport-security', 'x-powered-by', 'set-cookie'].map((h) => headers.get(h))])
        .toEqual([url, status, 'nosniff', 'no-referrer', "default-src 'none';frame-ancestors 'none'", 'max-age=31536000; includeSubDomains', null, null]);
    }
    for (const i of [0, 1, 2, 5, 7, 8]) expect([i, answers[i]!.headers.get('cache-control')]).toEqual([i, 'no-store']);
    expect(answers[4]!.headers.get('cache-control')).toBeNull();
  });

  it('ends slow headers and slow bodies, and refuses large headers', async () => {
    const started = performance.now();
    const [silent, headers, body, large] = await Promise.all([
      raw(), raw('POST /graphql HTTP/1.1\r\nhost: x\r\n', 4_000, 'a: b\r\n', 4_000, 'c: d\r\n'), raw('POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{', 4_000, '"', 4_000, 'q'),
      raw(`GET /health/live HTTP/1.1\r\nhost: x\r\nx-large: ${'y'.repeat(17_000)}\r\n\r\n`),
    ]);
    expect([silent, headers.split('\r\n')[0], body.split('\r\n')[0], large.split('\r\n')[0]]).toEqual([expect.stringMatching(/^HTTP\/1\.1 408|^$/), 'HTTP/1.1 408 Request Timeout', 'HTTP/1.1 408 Request Timeout', 'HTTP/1.1 431 Request Header Fields Too Large']);
    expect(performance.now() - started).toBeLessThan(15_000);
  }, 30_000);

  it('answers an operation that waits for too long, ends what it runs in the database, and goes on', async () => {
    const { operationMs } = LIMITS;
    Object.assign(LIMITS, { operationMs: 400 });
    const impatient = await startExchange().finally(() => Object.assign(LIMITS, { operationMs }));
    const member = await impatient.client('member');
    const lock = new pg.Client(impatient.databaseUrl);
    await lock.connect();
    await lock.query('begin; lock table catalog.product in access exclusive mode');
    const ask = (): Promise<Response> => fetch(`${impatient.url}/graphql`, { method: 'POST', headers: member.headers({ 'content-type': 'application/json' }), body: JSON.stringify({ query: '{ products { nodes { id } } }' }) });
    const started = performance.now();
    const late = await ask();
    expect([late.status, performance.now() - started < 3_000, await late.json()]).toEqual([503, true, { data: null, errors: [{ message: expect.stringMatching(/took too long/) as string, extensions: { code: 'TIMEOUT', requestId: expect.any(String) as string } }] }]);
    const running = async (): Promise<number> => ((await impatient.owner.query(`select 1 from pg_stat_activity where datname = current_database() and application_name in ('entrepot-read', 'entrepot-public') and state = 'active'`)) as unknown[]).length;
    for (let i = 0; i < 50 && (await running()); i++) await pause(20);
    expect(await running()).toBe(0);
    // The same when the client goes away.
    const gone = new AbortController();
    const left = fetch(`${impatient.url}/graphql`, { method: 'POST', signal: gone.signal, headers: member.headers({ 'content-type': 'application/json' }), body: JSON.stringify({ query: '{ products { nodes { id } } }' }) });
    for (let i = 0; i < 50 && !(await running()); i++) await pause(5);
    expect(await running()).toBe(1);
    gone.abort();
    await expect(left).rejects.toThrow();
    for (let i = 0; i < 10 && (await running()); i++) await pause(20);
    expect(await running()).toBe(0);
    await lock.end();
    expect(await (await ask()).json()).toEqual({ data: { products: { nodes: [] } } });
    await impatient.close();
  });

  describe('trusted documents', () => {
    const trusted = 'query Mine { me { subject } }\n';
    const listed = 'query List($first: Int!) { products(first: $first) { nodes { id } } }\n';
    let folder: string;
    let manifest: string;
    beforeAll(async () => {
      folder = await mkdtemp(path.join(process.env['ENTREPOT_TEST_FOLDER']!, 'documents-'));
      manifest = path.join(folder, 'manifest.json');
      await mkdir(path.join(folder, 'app', 'deeper'), { recursive: true });
      await writeFile(path.join(folder, 'app', 'mine.graphql'), trusted);
      await writeFile(path.join(folder, 'app', 'deeper', 'list.graphql'), listed);
      await writeFile(path.join(folder, 'wrong.graphql'), '{ me { nothing } }');
    });
    const trust = (...args: string[]): Promise<{ stdout: string; stderr: string; code?: number }> =>
      run(process.execPath, ['dist/apps/api/src/trust-documents.js', ...args], { env: { PATH: process.env['PATH'] } }).catch((error: { stdout: string; stderr: string; code: number }) => error);

    it('are gathered by a program that checks each', async () => {
      const made = await trust(path.join(folder, 'app', 'mine.graphql'), manifest);
      expect([made.code, made.stderr, made.stdout]).toEqual([undefined, '', `${documentId(trusted)} ${path.join(folder, 'app', 'mine.graphql')}\n`]);
      const wrong = await trust(path.join(folder, 'wrong.graphql'), manifest);
      expect([wrong.code, wrong.stderr]).toEqual([65, expect.stringContaining('Cannot query field "nothing"')]);
      await trust(path.join(folder, 'app'), manifest);
      expect(JSON.parse(await readFile(manifest, 'utf8'))).toEqual({ [documentId(trusted)]: trusted, [documentId(listed)]: listed });
      expect(documentId('query ($id: ID!) {\n  user(id: $id) {\n    name\n  }\n}')).toBe('sha256:7dba4bd717b41f10434822356a93c32b1fb4907b983e854300ad839f84cdcd6e');
    });

    it('are the only ones that run, by their identifier or as the very same text', async () => {
      const closed = await startExchange({ env: { TRUSTED_DOCUMENTS: manifest, GRAPHIQL: 'false' } });
      const member = await closed.client('member');
      const ask = async (body: object): Promise<{ status: number; code: unknown; data: unknown }> => {
        const answer = await fetch(`${closed.url}/graphql`, { method: 'POST', headers: member.headers({ 'content-type': 'application/json' }), body: JSON.stringify(body) });
        const { data, errors } = (await answer.json()) as GraphAnswer<unknown>;
        return { status: answer.status, code: errors?.[0]?.extensions.code, data };
      };
      expect(await ask({ documentId: documentId(trusted) })).toMatchObject({ status: 200, data: { me: { subject: expect.any(String) as string } } });
      expect(await ask({ query: trusted })).toMatchObject({ status: 200, data: { me: {} } });
      expect(await ask({ documentId: documentId(listed), variables: { first: 5 } })).toMatchObject({ status: 200, data: { products: { nodes: [] } } });
      expect(await ask({ documentId: documentId(listed), variables: { first: 101 } })).toMatchObject({ code: 'BAD_USER_INPUT' });
      expect(await ask({ documentId: documentId(ME) })).toEqual({ status: 400, code: 'PERSISTED_QUERY_NOT_FOUND', data: null });
      expect(await ask({ query: ME })).toEqual({ status: 400, code: 'DOCUMENT_NOT_TRUSTED', data: null });
      expect(await ask({ query: ME, documentId: documentId(ME), persisted: false })).toMatchObject({ code: 'PERSISTED_QUERY_NOT_FOUND', data: null });
      expect(await ask({ query: ME, documentId: documentId(trusted) })).toMatchObject({ data: { me: { subject: expect.any(String) as string } } });
      expect(await ask({ query: ME, extensions: { persistedQuery: { version: 1, sha256Hash: documentId(ME).slice(7) } } })).toMatchObject({ code: 'DOCUMENT_NOT_TRUSTED', data: null });
      for (const odd of [{}, { documentId: 5 }, { documentId: '__proto__' }, { documentId: ['x'] }, { query: '' }]) expect([(await ask(odd)).data, (await ask(odd)).code]).toEqual([null, expect.stringMatching(/^(PERSISTED_QUERY_NOT_FOUND|DOCUMENT_NOT_TRUSTED)$/)]);
      await closed.close();
    });

    it('that were changed end the start', async () => {
      await writeFile(manifest, JSON.stringify({ [documentId(trusted)]: '{ me { subject roles } }' }));
      await expect(startExchange({ env: { TRUSTED_DOCUMENTS: manifest } })).rejects.toThrow(/another digest/);
      await expect(startExchange({ env: { TRUSTED_DOCUMENTS: path.join(folder, 'none.json') } })).rejects.toThrow(/cannot be read/);
    });
  });
});
