import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise, Identity, organisationOf } from '#identity';
import { Clock, Commands, LIMITS, newId, type Result, stateConflict } from '#shared';
import { CATALOG_ERRORS } from '../../catalog.errors.js';
import { checkWanted, type Wanted } from '../../domain/data-requests/data-request.js';
import { DataRequestRepository, type OwnRequest } from '../../storage/data-requests/data-request.repository.js';
import { refused } from '../content/content-rules.js';
import { Vocabularies } from '../content/vocabularies.js';

export interface PostDataRequestInput extends Wanted {
  /** Vendors are not told who asks, until an answer is accepted. */
  readonly anonymous: boolean;
}

/** An organisation says which data it looks for and does not find. */
@Injectable()
export class PostDataRequest {
  constructor(
    private readonly commands: Commands, private readonly requests: DataRequestRepository, private readonly vocabularies: Vocabularies, private readonly identity: Identity, private readonly audit: Audit, private readonly clock: Clock,
  ) {}

  async execute(actor: Actor, input: PostDataRequestInput): Promise<Result<OwnRequest>> {
    const refusal = authorise(actor, 'catalog:request');
    if (refusal) return refusal;
    const { anonymous, ...said } = input;
    const wanted: Wanted = { ...said, themes: [...new Set(said.themes)], countries: [...new Set(said.countries)], purposes: [...new Set(said.purposes)] };
    const problems = checkWanted(wanted, { themes: this.vocabularies.theme.codes, frequencies: this.vocabularies.frequency.codes }, this.clock.now());
    if (problems.length) return { ...refused(problems), code: CATALOG_ERRORS.DATA_REQUEST };
    const { id, legalName, jurisdiction, state } = (await this.identity.byId(organisationOf(actor)))!;
    return this.commands.run<Result<OwnRequest>>(actor, 'catalog.post-data-request', input, async (tx) => {
      const createdAt = this.clock.now();
      if ((await this.requests.countOpen(tx, id, createdAt)) >= LIMITS.openDataRequests) return stateConflict(CATALOG_ERRORS.DATA_REQUEST, `at most ${LIMITS.openDataRequests} of one organisation are open`, 'FULL');
      const request: OwnRequest = { ...wanted, id: newId(), anonymous, asker: { id, legalName, jurisdiction }, state: 'OPEN', endReason: null, createdAt, endedAt: null, answers: 0 };
      await this.requests.insert(tx, request, state);
      await this.audit.append(tx, actor, { act: 'data-request.post', objectType: 'data-request', objectId: request.id, details: { ...wanted, anonymous } });
      return request;
    });
  }
}
