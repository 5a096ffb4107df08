import { Injectable } from '@nestjs/common';
import { type Actor, organisationOf, permits } from '#identity';
import { Clock, type Page, type PageRequest } from '#shared';
import type { AnswerState, DataRequestState } from '../../domain/data-requests/data-request.js';
import { tsquery } from '../../domain/search/search-query.js';
import { searchWords } from '../../domain/search/search-text.js';
import type { DataRequestAnswer } from '../../storage/data-requests/answer.repository.js';
import type { BoardRequest, OwnRequest } from '../../storage/data-requests/data-request.repository.js';
import { DataRequestStore } from './data-request-store.js';

export interface BoardSearch {
  readonly text: string | null;
  readonly themes: readonly string[];
  readonly countries: readonly string[];
}
/** More words than anybody types. */
const MOST_WORDS = 12;

/** Requests for data and their answers, each as its reader may see it. */
@Injectable()
export class DataRequestDesk {
  constructor(private readonly store: DataRequestStore, private readonly clock: Clock) {}

  /** Open requests, as vendors find them. */
  async board(actor: Actor, { text, themes, countries }: BoardSearch, page: PageRequest): Promise<Page<BoardRequest> | null> {
    if (!readsBoard(actor)) return null;
    const words = [...new Set(searchWords(text ?? '').split(' ').filter(Boolean))].slice(0, MOST_WORDS);
    return this.store.requests.board({ query: tsquery({ words, groups: [] }), themes: themes.length ? themes : null, countries: countries.length ? countries : null }, this.clock.now(), page);
  }

  /** To its asker and to staff with who asks; to vendors while it is open. */
  async find(actor: Actor, id: string): Promise<BoardRequest | OwnRequest | null> {
    const own = permits(actor, 'catalog:request') || permits(actor, 'catalog:read-all') ? await this.store.requests.whole(id) : null;
    if (own && (permits(actor, 'catalog:read-all') || own.asker.id === actor.tenantId)) return own;
    return readsBoard(actor) ? this.store.requests.onBoard(id, this.clock.now()) : null;
  }

  async own(actor: Actor, state: DataRequestState | null, page: PageRequest): Promise<Page<OwnRequest> | null> {
    return permits(actor, 'catalog:request') ? this.store.requests.ofAsker(organisationOf(actor), state, page) : null;
  }

  /** What its asker was answered. */
  async answers(actor: Actor, dataRequestId: string, page: PageRequest): Promise<Page<DataRequestAnswer> | null> {
    const request = permits(actor, 'catalog:request') ? await this.store.requests.whole(dataRequestId) : null;
    return request && request.asker.id === actor.tenantId ? this.store.answers.ofRequest(dataRequestId, page) : null;
  }

  /** What a vendor answered. */
  async ownAnswers(actor: Actor, state: AnswerState | null, page: PageRequest): Promise<Page<DataRequestAnswer> | null> {
    return permits(actor, 'catalog:answer-requests') ? this.store.answers.ofVendor(organisationOf(actor), state, page) : null;
  }
  shown(ids: readonly string[]): Promise<Map<string, BoardRequest>> {
    return this.store.requests.shown(ids);
  }
}
const readsBoard = (actor: Actor): boolean => permits(actor, 'catalog:answer-requests') || permits(actor, 'catalog:read-all');
