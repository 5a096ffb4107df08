import { Args, ID, Query, Resolver } from '@nestjs/graphql';
import { type ConnectionOf, PageArgs, pageCost, pageRequest, toConnection } from '#shared';
import type { Actor } from '../domain/actor.js';
import type { NoticeKind } from '../domain/notice.js';
import { Notices } from '../notices.facade.js';
import { Asks, Authenticated, CurrentActor } from './access.js';
import { NoticeConnection, NoticeKindEnum, type NoticeType, toNoticeType } from './notices.types.js';

@Resolver()
@Authenticated()
export class NoticesResolver {
  constructor(private readonly board: Notices) {}

  @Asks('identity:read-notices')
  @Query(() => NoticeConnection, { nullable: true, complexity: pageCost, description: "What the caller's organisation was told, newest first." })
  async notices(
    @CurrentActor() actor: Actor, @Args() page: PageArgs,
    @Args('kinds', { type: () => [NoticeKindEnum], nullable: true, description: 'Only of these kinds.' }) kinds: NoticeKind[] | null,
    @Args('objectId', { type: () => ID, nullable: true, description: 'Only about this object.' }) objectId: string | null,
  ): Promise<ConnectionOf<NoticeType> | null> {
    const found = await this.board.noticesFor(actor, { kinds: kinds ?? null, objectId: objectId ?? null }, pageRequest(page.first, page.after, 1));
    return found && toConnection(found, toNoticeType);
  }
}
