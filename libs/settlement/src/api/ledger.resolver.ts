import { Args, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { type ConnectionOf, PageArgs, pageCost, pageRequest, toConnection } from '#shared';
import { Settlement } from '../settlement.facade.js';
import { toBalanceType, toStatementLineType, toStatementType } from './ledger.mapping.js';
import * as T from './ledger.types.js';

@Resolver(() => T.AccountStatement)
@Authenticated()
export class LedgerResolver {
  constructor(private readonly settlement: Settlement) {}

  @Asks('settlement:read', 'settlement:read-ledger')
  @Query(() => T.LedgerBalanceConnection, { complexity: pageCost, description: "What accounts hold, or held at a moment: the caller's organisation's own; every account for staff who may read the ledger." })
  async ledgerBalances(@CurrentActor() actor: Actor, @Args() args: T.LedgerBalancesArgs): Promise<ConnectionOf<T.LedgerBalance>> {
    return toConnection(await this.settlement.balancesFor(actor, T.accountFilterOf(args), T.momentOf(args), pageRequest(args.first, args.after, 1)), toBalanceType);
  }

  @Asks('settlement:read', 'settlement:read-ledger')
  @Query(() => T.AccountStatement, { nullable: true, description: 'The statement of an account, for its owner and staff who may read the ledger; null for others.' })
  async accountStatement(@CurrentActor() actor: Actor, @Args() { accountId, from, until }: T.StatementArgs): Promise<T.AccountStatement | null> {
    const statement = await this.settlement.statementFor(actor, accountId, { from: from ?? null, until: until ?? null });
    return statement && toStatementType(statement);
  }

  @ResolveField(() => T.StatementLineConnection, { complexity: pageCost, description: 'Its postings, oldest first.' })
  async lines(@Parent() statement: T.AccountStatement, @Args() page: PageArgs): Promise<ConnectionOf<T.StatementLine>> {
    const { currency } = statement.source.account;
    return toConnection(await this.settlement.statementLines(statement.source, pageRequest(page.first, page.after, 3)), (line) => toStatementLineType(line, currency));
  }
}
