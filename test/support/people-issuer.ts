import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { SigningKey } from './issuer.js';

export interface Person {
  readonly sub: string;
  readonly name: string;
  readonly acr: string;
  /** As Corppass tells of the entity for which the person acts. */
  readonly uen?: string;
  /** Closes the provider's page. */
  readonly refuses?: boolean;
}

export interface PeopleIssuerOptions {
  readonly url: string;
  readonly clients: readonly object[];
  /** FAPI 2.0: pushed requests, DPoP, private_key_jwt. Else plain OpenID Connect. */
  readonly fapi: boolean;
}

/**
 * A real OpenID provider at which people sign in: whoever is set as the person is signed in without being asked. Its tokens tell the
 * level of the sign-in and the entity for which it was.
 */
export class PeopleIssuer {
  private process: ChildProcess | undefined;

  constructor(private readonly options: PeopleIssuerOptions) {}

  get url(): string {
    return this.options.url;
  }

  /** Starts with these keys; signs with the first. */
  async start(keys: readonly SigningKey[]): Promise<void> {
    const { NODE_OPTIONS: _, ...inherited } = process.env;
    this.process = fork('test/support/people-issuer.process.mjs', { execArgv: [], env: { ...inherited, PEOPLE_ISSUER: JSON.stringify({ ...this.options, keys: keys.map((k) => k.jwk) }) }, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    await once(this.process, 'message');
  }

  async is(person: Person): Promise<void> {
    this.process!.send(person);
    await once(this.process!, 'message');
  }

  async stop(): Promise<void> {
    const child = this.process;
    if (!child) return;
    this.process = undefined;
    child.disconnect();
    await once(child, 'exit');
  }

  /** What a browser does with the address to which it was sent: follows the provider until that sends it away. A new browser each time. */
  async follow(location: string): Promise<string> {
    const jar = new Map<string, string>();
    for (let at = location, hop = 0; hop < 10; hop++) {
      const response = await fetch(at, { redirect: 'manual', headers: { cookie: [...jar].map(([k, v]) => `${k}=${v}`).join('; ') } });
      for (const cookie of response.headers.getSetCookie()) {
        const [pair] = cookie.split(';');
        jar.set(pair!.slice(0, pair!.indexOf('=')), pair!.slice(pair!.indexOf('=') + 1));
      }
      const next = response.headers.get('location');
      if (!next) throw new Error(`the provider answers ${response.status}: ${(await response.text()).slice(0, 500)}`);
      at = new URL(next, at).href;
      if (!at.startsWith(this.url)) return at;
    }
    throw new Error('the provider sends the browser round and round');
  }
}
