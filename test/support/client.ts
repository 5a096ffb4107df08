export interface GraphAnswer<T> {
  readonly data: T | null;
  readonly errors?: readonly { readonly message: string; readonly path?: readonly (string | number)[]; readonly extensions: { readonly code: string } & Record<string, unknown> }[];
}

/** A client of the public API, over HTTP. */
export class GraphClient {
  constructor(readonly url: string, readonly credential?: string) {}

  static async signIn(url: string, subject: string): Promise<GraphClient> {
    const response = await fetch(`${url}/dev-issuer/token`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ subject }) });
    const { access_token } = (await response.json()) as { access_token: string };
    return new GraphClient(url, access_token);
  }

  headers(extra: Record<string, string> = {}): Record<string, string> {
    return { ...(this.credential ? { authorization: `Bearer ${this.credential}` } : {}), ...extra };
  }

  async raw<T = Record<string, never>>(query: string, variables: object = {}, headers: Record<string, string> = {}): Promise<GraphAnswer<T>> {
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST', headers: this.headers({ 'content-type': 'application/json', ...headers }),
      body: JSON.stringify({ query, variables }, (_, v: unknown) => (typeof v === 'bigint' ? v.toString() : v)),
    });
    return (await response.json()) as GraphAnswer<T>;
  }

  /** The data of an operation that must not fail. */
  async ask<T>(query: string, variables: object = {}, headers: Record<string, string> = {}): Promise<T> {
    const answer = await this.raw<T>(query, variables, headers);
    if (answer.errors || !answer.data) throw new Error(JSON.stringify(answer.errors ?? answer));
    return answer.data;
  }

  /** The one result of a mutation with a single `input`: `{ __typename, ... }`. `fields` is the selection on the success type. */
  async mutate<T = Record<string, unknown>>(name: string, success: string, fields: string, input: object, headers: Record<string, string> = {}): Promise<T & { __typename: string; code?: string; fields?: { path: string; message: string }[]; state?: string }> {
    const inputType = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
    const query = `mutation($input: ${inputType}!) { ${name}(input: $input) { __typename ... on ${success} { ${fields} } ... on Problem { code message } ... on InvalidInput { fields { path message } } ... on StateConflict { current: state } } }`;
    const data = await this.ask<Record<string, T & { __typename: string }>>(query, { input }, headers);
    return data[name] as never;
  }
}
