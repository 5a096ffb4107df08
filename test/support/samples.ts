import { type GraphQLField, type GraphQLNamedType, type GraphQLSchema, getNamedType, isEnumType, isInputObjectType, isLeafType, isObjectType, isRequiredArgument } from 'graphql';

/** Ids by the name of the field that takes them. */
export type Ids = Readonly<Record<string, string>>;

/** A well-formed id of nothing. */
const NOTHING = '0191d5a0-0000-7000-8000-000000000000';
const BY_NAME: Readonly<Record<string, unknown>> = {
  currency: 'SGD', jurisdiction: 'SG', value: '196800306E', sha256: 'a'.repeat(64), documentSha256: 'a'.repeat(64), documentHash: 'a'.repeat(64), mediaType: 'text/csv', purpose: 'RESEARCH', purposes: 'RESEARCH', destination: 'SG', destinations: 'SG',
  sourceStatement: 'own records of port operations', byteLength: '1', duration: 'P30D', unitPrice: '1', amountMinor: '1', awardMinor: '1', quantity: '1', persons: '0', sensitivePersons: '0', themes: 'TRAN', fileName: 'a.csv', reason: 'words enough for whatever reason', iss: 'https://issuer.example', issuer: 'https://id.example.sg', trustFramework: 'OTHER', jwks: JSON.stringify({ keys: [{ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig', kid: 'sample', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }] }), token: 'a'.repeat(43), jws: 'a.b.c', places: 'SG', roles: 'FINANCE', anonymisation: 'NONE',
  scheme: 'ISO27001', grantedIn: 'SG', firstDay: '2026-01-01', effectiveFrom: '2026-01-01', registerUrl: 'https://register.example/7', endpointUrl: 'https://api.example/', testPath: '/health', path: '/v1/quotes', list: 'pipl_42', country: 'SG', year: 2026, subjectType: 'organisation',
};
/** Lists whose items hang together: the empty one is sound. */
const EMPTY = new Set(['components']);
const SCALARS: Readonly<Record<string, unknown>> = { Int: 2, Boolean: true, DateTime: '2027-01-01T00:00:00Z' };

/** Values for every field of the schema that pass its types and the checks of its inputs, so that a call comes as far as its use case. */
export class Samples {
  constructor(private readonly schema: GraphQLSchema, private readonly ids: Ids = {}, private readonly words: Readonly<Record<string, unknown>> = {}) {}

  /** What is needed for a type and no more; `name` is the field that takes it. */
  value(type: string, name: string): unknown {
    if (EMPTY.has(name)) return [];
    if (type.startsWith('[')) return [this.value(type.slice(1, type.lastIndexOf(']')).replace(/!$/, ''), name)];
    const bare = type.replace(/!$/, '');
    const named = this.schema.getType(bare);
    if (isEnumType(named)) return (named.getValue(String(this.word(name))) ?? named.getValues()[0]!).name;
    if (isInputObjectType(named)) return Object.fromEntries(Object.values(named.getFields()).filter((f) => String(f.type).endsWith('!')).map((f) => [f.name, this.value(String(f.type), f.name)]));
    return bare === 'ID' ? (this.ids[name] ?? NOTHING) : (this.word(name) ?? SCALARS[bare] ?? 'words');
  }

  private word(name: string): unknown {
    return this.words[name] ?? BY_NAME[name];
  }

  /** The operation with its required arguments, and `selection` in place of everything that can be seen without arguments. */
  call(kind: 'query' | 'mutation', field: GraphQLField<unknown, unknown>, over: Readonly<Record<string, unknown>> = {}, selection = leavesOf(getNamedType(field.type))): { readonly query: string; readonly variables: Record<string, unknown> } {
    const taken = field.args.filter((a) => isRequiredArgument(a) || a.name in over);
    const given = taken.length ? `(${taken.map((a) => `${a.name}: $${a.name}`).join(', ')})` : '';
    const declared = taken.length ? `(${taken.map((a) => `$${a.name}: ${String(a.type)}`).join(', ')})` : '';
    return { query: `${kind} ${declared} { ${field.name}${given} ${selection} }`, variables: Object.fromEntries(taken.map((a) => [a.name, over[a.name] ?? this.value(String(a.type), a.name)])) };
  }
}

/** Every leaf of a type; of a connection those of its nodes. */
function leavesOf(type: GraphQLNamedType): string {
  if (isLeafType(type)) return '';
  if (!isObjectType(type)) return '{ __typename ... on Problem { code message } }';
  const fields = Object.values(type.getFields());
  const nodes = fields.find((f) => f.name === 'nodes');
  if (nodes) return `{ nodes ${leavesOf(getNamedType(nodes.type))} }`;
  return `{ ${['__typename', ...fields.filter((f) => isLeafType(getNamedType(f.type)) && !f.args.some(isRequiredArgument)).map((f) => f.name)].join(' ')} }`;
}
