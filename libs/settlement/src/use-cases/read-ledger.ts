import { Injectable } from '@nestjs/common';
import { type Actor, permits } from '#identity';
import { EMPTY_PAGE, isId, type Page, type PageRequest } from '#shared';
import type { Account, AccountBalance, AccountFilter, LedgerMoment, StatementLine, StatementWindow } from '../domain/balances.js';
import { BalanceRepository } from '../storage/balance.repository.js';

/** An account with what it held before and at the end of the window that was asked for. */
export interface Statement {
  readonly account: Account;
  readonly window: StatementWindow;
  readonly openingMinor: bigint;
  readonly closingMinor: bigint;
}

/** Balances and statements: of every account for staff who may read the ledger, of its own for an organisation. */
@Injectable()
export class ReadLedger {
  constructor(private readonly balances: BalanceRepository) {}

  async page(actor: Actor, filter: AccountFilter, moment: LedgerMoment, request: PageRequest): Promise<Page<AccountBalance>> {
    if (permits(actor, 'settlement:read-ledger')) return this.balances.page(filter, moment, request);
    if (actor.tenantId === null || !permits(actor, 'settlement:read')) return EMPTY_PAGE;
    if (filter.ownerId !== null && filter.ownerId !== actor.tenantId) return EMPTY_PAGE;
    return this.balances.page({ ...filter, ownerId: actor.tenantId }, moment, request);
  }

  /** Null for whoever may not see the account. */
  async statement(actor: Actor, accountId: string, window: StatementWindow): Promise<Statement | null> {
    const account = isId(accountId) ? await this.balances.byId(accountId) : null;
    const sees = account && (permits(actor, 'settlement:read-ledger') || (permits(actor, 'settlement:read') && actor.tenantId === account.ownerId));
    return sees ? { account, window, ...(await this.balances.ends(account.id, window)) } : null;
  }

  /** The caller has the statement, so he may see its lines. */
  lines({ account, window }: Pick<Statement, 'account' | 'window'>, request: PageRequest): Promise<Page<StatementLine>> {
    return this.balances.statement(account.id, window, request);
  }
}
