import { Injectable } from '@nestjs/common';
import { Clock, LIMITS, newId, type Page, type PageRequest, type Tx } from '#shared';
import { type Actor, organisationOf, permits } from './domain/actor.js';
import type { Notice, NoticeFilter, NoticeLine } from './domain/notice.js';
import { NoticeRepository } from './storage/notice.repository.js';

/** What the exchange tells organisations: every room writes here, each organisation reads its own. */
@Injectable()
export class Notices {
  constructor(private readonly repository: NoticeRepository, private readonly clock: Clock) {}

  /**
   * Tells each of these organisations once, in the transaction of what happened. Whoever acts for one organisation may tell only that
   * one: others are told by an act that reaches both sides, or by a subscriber of the event.
   */
  tell(tx: Tx, organisationIds: Iterable<string>, line: NoticeLine): Promise<void> {
    return this.tellEach(tx, [...new Set(organisationIds)].map((organisationId) => ({ ...line, organisationId })));
  }

  /** As `tell`, each organisation something of its own, in one statement however many they are. */
  async tellEach(tx: Tx, lines: readonly (NoticeLine & { readonly organisationId: string })[]): Promise<void> {
    const createdAt = this.clock.now();
    await this.repository.insert(tx, lines.map(({ text, ...line }) => ({ details: {}, reasons: [], decisionId: null, ...line, text: text.slice(0, LIMITS.longText), createdAt, id: newId() })));
  }

  /** What the actor's organisation was told, newest first; null for who may not read it. */
  async noticesFor(actor: Actor, filter: NoticeFilter, page: PageRequest): Promise<Page<Notice> | null> {
    return permits(actor, 'identity:read-notices') ? this.repository.page(organisationOf(actor), filter, page) : null;
  }
}
