import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { getNamedType, type GraphQLSchema, isEnumType, isInputObjectType, isInterfaceType, isObjectType, isUnionType, lexicographicSortSchema, printSchema } from 'graphql';
import request from 'supertest';
import { type GraphAnswer, GraphClient } from './support/client.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { operationsOf } from './support/operations.js';
import { permissionsPage } from './support/permissions-page.js';

const PRINTED = 'schema.graphql';
const PERMISSIONS_PAGE = 'docs/permissions.md';

describe('the GraphQL door', () => {
  let exchange: TestExchange;
  let schema: GraphQLSchema;
  let newcomer: GraphClient;
  beforeAll(async () => {
    exchange = await startExchange();
    schema = exchange.app.get(GraphQLSchemaHost).schema;
    newcomer = await exchange.client('newcomer');
  });
  afterAll(() => exchange.close());
  const code = (answer: GraphAnswer<unknown>): string | undefined => answer.errors?.[0]?.extensions.code;

  it('is the printed schema (npm run schema:print after a change)', () => {
    const printed = `# Made by \`npm run schema:print\` from the code; a test fails when the two differ.\n\n${printSchema(lexicographicSortSchema(schema))}\n`;
    if (process.env['UPDATE_SCHEMA']) writeFileSync(PRINTED, printed);
    expect(existsSync(PRINTED) && readFileSync(PRINTED, 'utf8')).toBe(printed);
  });

  it('is the printed page of permissions (npm run schema:print after a change)', () => {
    const printed = permissionsPage(operationsOf(exchange.app));
    if (process.env['UPDATE_SCHEMA']) writeFileSync(PERMISSIONS_PAGE, printed);
    expect(existsSync(PERMISSIONS_PAGE) && readFileSync(PERMISSIONS_PAGE, 'utf8')).toBe(printed);
  });

  it('describes every type, field, argument and value', () => {
    const missing: string[] = [];
    for (const type of Object.values(schema.getTypeMap())) {
      if (type.name.startsWith('__') || ['String', 'Boolean', 'Int', 'ID', 'Query', 'Mutation'].includes(type.name)) { /* described by the specification */ }
      else if (!type.description && !isInputObjectType(type)) missing.push(type.name);
      if (type.name.startsWith('__')) continue;
      if (isObjectType(type) || isInterfaceType(type)) {
        for (const field of Object.values(type.getFields())) {
          if (!field.description) missing.push(`${type.name}.${field.name}`);
        }
      } else if (isInputObjectType(type)) {
        for (const field of Object.values(type.getFields())) if (!field.description) missing.push(`${type.name}.${field.name}`);
      } else if (isEnumType(type) && !type.description) missing.push(type.name);
    }
    expect(missing).toEqual([]);
  });

  it('gives every mutation one input and a union with the refusals', () => {
    for (const field of Object.values(schema.getMutationType()!.getFields())) {
      expect([field.name, field.args.map((a) => a.name)]).toEqual([field.name, ['input']]);
      const type = getNamedType(field.type);
      expect([field.name, isUnionType(type) && type.getTypes().some((t) => t.name === 'InvalidInput')]).toEqual([field.name, true]);
    }
  });

  it('bounds every list', () => {
    const unbounded = Object.values(schema.getQueryType()!.getFields()).filter((f) => getNamedType(f.type).name.endsWith('Connection') && !f.args.some((a) => a.name === 'first'));
    expect(unbounded.map((f) => f.name)).toEqual([]);
  });

  it.each([
    ['a forged token', 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJzdGFmZi1hZG1pbiJ9.'], ['a token of another key', 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJzdGFmZi1hZG1pbiIsImV4cCI6OTk5OTk5OTk5OX0.AAAA'],
    ['an unknown API key', 'ek_0191d5a0-0000-7000-8000-000000000000.secret'], ['rubbish', 'rubbish-rubbish'],
  ])('refuses %s', async (_, credential) => expect(code(await new GraphClient(exchange.url, credential).raw('{ me { subject } }'))).toBe('UNAUTHENTICATED'));

  it('limits depth, aliases, root fields, tokens, cost, batches, operations and body', async () => {
    const deep = `{ products { nodes { ${'vendor { '.repeat(12)} id ${'} '.repeat(12)} } } }`;
    expect((await newcomer.raw(deep)).errors).toBeDefined();
    expect((await newcomer.raw(`{ ${Array.from({ length: 16 }, (_, i) => `a${i}: me { subject }`).join(' ')} }`)).errors?.[0]?.message).toMatch(/aliases|root fields/);
    expect((await newcomer.raw(`{ me { ${Array.from({ length: 16 }, (_, i) => `a${i}: subject`).join(' ')} } }`)).errors?.[0]?.message).toMatch(/aliases/);
    expect((await newcomer.raw(`{ me { ${'subject '.repeat(2100)} } }`)).errors?.[0]?.message).toMatch(/token/i);
    expect(code(await newcomer.raw('{ products(first: 100) { nodes { datasets { id title description } assets { id fileName sha256 mediaType } offers { id title productId state purposes } } } }'))).toBe('QUERY_TOO_COMPLEX');
    const cached = 'query Cached($n: Int!) { products(first: $n) { nodes { assets { id fileName sha256 state } } } }';
    expect((await newcomer.raw(cached, { n: 1 })).errors).toBeUndefined();
    expect(code(await newcomer.raw(cached, { n: 100 }))).toBeUndefined();
    expect(code(await newcomer.raw('{ products(first: 101) { nodes { id } } }'))).toBe('BAD_USER_INPUT');
    expect((await newcomer.raw('query A { me { subject } } query B { me { roles } }')).errors?.[0]?.message).toBe('only one operation per document is allowed');
    const batch = await request(exchange.url).post('/graphql').set('authorization', `Bearer ${newcomer.credential}`).send([{ query: '{ me { subject } }' }]);
    expect(batch.body.errors).toHaveLength(1);
    const huge = await request(exchange.url).post('/graphql').set('authorization', `Bearer ${newcomer.credential}`).send({ query: '{ me { subject } }', variables: { x: 'y'.repeat(600_000) } });
    expect(huge.status).toBe(413);
  });

  it('takes what may be left out as left out, also when the query is compiled', async () => {
    for (let n = 0; n < 4; n++) {
      expect((await newcomer.raw('{ products { nodes { id } } }')).errors).toBeUndefined();
      const client = await exchange.client(`without-kind-${n}`);
      const organisation = { legalName: `Company ${n}`, jurisdiction: 'HK', registryNumbers: [{ scheme: 'HK_BRN', value: `1000000${n}` }] };
      expect(await client.mutate('registerOrganisation', 'Organisation', 'kind', organisation)).toMatchObject({ kind: 'TRADER' });
    }
  });

  it('counts fields behind fragments too, however they are named', async () => {
    const aliases = Array.from({ length: 16 }, (_, i) => `a${i}: subject`).join(' ');
    const roots = Array.from({ length: 11 }, (_, i) => `a${i}: me { subject }`).join(' ');
    expect((await newcomer.raw(`{ ...Roots } fragment Roots on Query { ${roots} }`)).errors?.[0]?.message).toMatch(/root fields/);
    expect((await newcomer.raw(`{ ... on Query { ${roots} } }`)).errors?.[0]?.message).toMatch(/root fields/);
    expect((await newcomer.raw(`query { me { ...__schema } } fragment __schema on Me { ${aliases} }`)).errors?.[0]?.message).toMatch(/aliases/);
  });

  it('names the field of a wrong input, in the result union', async () => {
    const wrong = { legalName: ' ', jurisdiction: 'China', registryNumbers: [{ scheme: 'USCC', value: 'x' }] };
    const result = await newcomer.mutate('registerOrganisation', 'Organisation', 'id', wrong);
    expect(result).toMatchObject({ __typename: 'InvalidInput', code: 'invalid_input' });
    expect(result.fields!.map((f) => f.path).sort()).toEqual(['jurisdiction', 'legalName', 'registryNumbers.0.value']);
  });

  it.each(['NUL \u0000', 'half a pair \ud800'])('names the field of a text that cannot be kept: %j', async (legalName) => {
    const result = await newcomer.mutate('registerOrganisation', 'Organisation', 'id', { legalName, jurisdiction: 'HK', registryNumbers: [{ scheme: 'HK_BRN', value: '12345678' }] }, { 'idempotency-key': 'broken-text' });
    expect(result).toMatchObject({ __typename: 'InvalidInput', fields: [{ path: 'legalName' }] });
  });

  it('lets no stack, SQL or path out when something breaks', async () => {
    await exchange.owner.query('alter view catalog.listed_product rename to product_hidden');
    const answer = await newcomer.raw('{ products { nodes { id } } }');
    await exchange.owner.query('alter view catalog.product_hidden rename to listed_product');
    expect(answer.errors).toMatchObject([{ message: 'Internal server error', extensions: { code: 'INTERNAL_SERVER_ERROR' } }]);
    expect(JSON.stringify(answer)).not.toMatch(/product_hidden|relation|select|at .*\.ts|node_modules/);
  });

  it('answers a malformed id or cursor as bad input', async () => {
    expect(code(await newcomer.raw('{ product(id: "1; drop table") { id } }'))).toBe('BAD_USER_INPUT');
    const cursor = Buffer.from(JSON.stringify(['yesterday', 'x'])).toString('base64url');
    expect(code(await newcomer.raw(`{ products(after: "${cursor}") { nodes { id } } }`))).toBe('BAD_USER_INPUT');
  });

  it('refuses a malformed Idempotency-Key', async () => {
    const answer = await request(exchange.url).post('/graphql').set('authorization', `Bearer ${newcomer.credential}`).set('idempotency-key', 'with space').send({ query: '{ me { subject } }' });
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_input']);
  });

  it('limits how often one caller may ask', async () => {
    const small = await startExchange({ env: { RATE_LIMIT_PER_MINUTE: '10' } });
    const client = await small.client('eager');
    const statuses: number[] = [];
    for (let i = 0; i < 12; i++) statuses.push((await request(small.url).post('/graphql').set('authorization', `Bearer ${client.credential}`).send({ query: '{ me { subject } }' })).status);
    await small.close();
    expect(statuses.filter((s) => s === 429)).toHaveLength(2);
  });

  it('hides introspection and GraphiQL in production', async () => {
    const closed = await startExchange({ env: { GRAPHIQL: 'false' } });
    const client = await closed.client('curious');
    const answer = await client.raw('{ __schema { types { name } } }');
    const ide = await request(closed.url).get('/graphiql');
    await closed.close();
    expect([answer.errors?.[0]?.message.includes('introspection'), ide.status]).toEqual([true, 404]);
  });
});
