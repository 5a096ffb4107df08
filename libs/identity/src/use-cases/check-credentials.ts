import { Injectable } from '@nestjs/common';
import { type Caller, UnitOfWork } from '#shared';
import { type ListedStatus, StatusLists } from '../credentials/status-lists.js';
import type { CredentialIssuer } from '../domain/credential-issuer.js';
import type { Credential } from '../storage/credential.repository.js';
import { CredentialTables } from './accept-credential.js';
import { MoveCredential } from './move-credential.js';

/** Lists that are fetched at the same time. */
const AT_ONCE = 16;
const EVENT_OF = { VALID: 'restore', SUSPENDED: 'suspend', REVOKED: 'revoke' } as const;

/** Looks credentials up in their status lists, one call for a list however many of them it has, and writes down what it finds. */
@Injectable()
export class CheckCredentials {
  constructor(private readonly uow: UnitOfWork, private readonly tables: CredentialTables, private readonly statusLists: StatusLists, private readonly moves: MoveCredential) {}

  /** What the lists say, by credential; one whose list cannot be had is missing. */
  async execute(caller: Caller, credentials: readonly Credential[], now: Date): Promise<Map<string, ListedStatus>> {
    const issuers = await this.tables.issuers.trusted([...new Set(credentials.map((c) => c.iss))], now);
    const byList = Map.groupBy(credentials.filter((c) => c.statusUri !== null && issuers.has(c.iss)), (c) => `${c.iss} ${c.statusUri!}`);
    const statuses = new Map<string, ListedStatus>();
    const lists = [...byList.values()];
    for (let i = 0; i < lists.length; i += AT_ONCE) {
      const found = await Promise.all(lists.slice(i, i + AT_ONCE).map((members) => this.ofOneList(issuers.get(members[0]!.iss)!, members, now)));
      for (const [id, status] of found.flat()) statuses.set(id, status);
    }
    const same = credentials.filter((c) => statuses.get(c.id) === c.state).map((c) => c.id);
    if (same.length) await this.uow.run((tx) => this.tables.credentials.confirm(tx, same, now));
    const changed = credentials.filter((c) => statuses.has(c.id) && statuses.get(c.id) !== c.state);
    for (const credential of changed) await this.moves.execute(caller, credential, EVENT_OF[statuses.get(credential.id)!], 'the status list of its issuer says so', now);
    return statuses;
  }

  private async ofOneList(issuer: CredentialIssuer, members: readonly Credential[], now: Date): Promise<[string, ListedStatus][]> {
    const list = await this.statusLists.read(issuer, members[0]!.statusUri!, now);
    return members.flatMap((c) => {
      const status = list?.at(c.statusIndex!);
      return status ? [[c.id, status] as [string, ListedStatus]] : [];
    });
  }
}
