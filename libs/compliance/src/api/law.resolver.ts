import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { type Actor, Asks, Authenticated, CurrentActor, permits, Public } from '#identity';
import { canonicalJson, type ConnectionOf, loader, type LoaderHolder, PageArgs, pageCost, pageRequest, toConnection } from '#shared';
import type { LawChangeState } from '../domain/law/change-state.js';
import { LawChangeRepository } from '../storage/law-change.repository.js';
import { type LawDocumentHead, LawDocumentsRepository } from '../storage/law-documents.repository.js';
import { ChangeLaw } from '../use-cases/law/change-law.js';
import { LoadLaw } from '../use-cases/law/load-law.js';
import { SubmitLawDocument } from '../use-cases/law/submit-law-document.js';
import { DecideLawChangeInput, ProposeLawChangeInput, SubmitLawDocumentInput } from './law.inputs.js';
import * as T from './law.types.js';

const MOST_FILES = 100;

@Resolver(() => T.LawChangeType)
@Authenticated()
export class LawResolver {
  constructor(
    private readonly documents: LawDocumentsRepository, private readonly changes: LawChangeRepository, private readonly loading: LoadLaw,
    private readonly submitting: SubmitLawDocument, private readonly changing: ChangeLaw,
  ) {}

  @Public()
  @Query(() => T.LawDocumentConnection, { complexity: pageCost, description: 'The documents of the law that decisions of this moment stand on, by kind, id and version.' })
  async lawInForce(@Args() page: PageArgs): Promise<ConnectionOf<T.LawDocumentType>> {
    return toConnection(await this.documents.inForce(pageRequest(page.first, page.after, 3)), (d) => d);
  }

  @Public()
  @Query(() => T.LawDocumentText, { nullable: true, description: 'A document of the law with its text, in force or not.' })
  async lawDocument(@Args('hash', { type: () => String, description: 'SHA-256 of its canonical JSON.' }) hash: string): Promise<T.LawDocumentText | null> {
    const found = /^[0-9a-f]{64}$/.test(hash) ? await this.documents.find(hash) : null;
    return found && { ...found, content: canonicalJson(found.content) };
  }

  @Asks('compliance:read-law')
  @Query(() => T.LawDocumentConnection, { nullable: true, complexity: pageCost, description: 'Every document that was ever taken, newest first; for staff.' })
  async lawDocuments(@CurrentActor() actor: Actor, @Args() page: PageArgs): Promise<ConnectionOf<T.LawDocumentType> | null> {
    return permits(actor, 'compliance:read-law') ? toConnection(await this.documents.kept(pageRequest(page.first, page.after, 2)), (d) => d) : null;
  }

  @Asks('compliance:read-law')
  @Query(() => T.LawChangeConnection, { nullable: true, complexity: pageCost, description: 'Changes of the law in force, newest first; for staff.' })
  async lawChanges(
    @CurrentActor() actor: Actor, @Args() page: PageArgs,
    @Args('state', { type: () => T.LawChangeStateEnum, nullable: true, description: 'Those in this state alone.' }) state: LawChangeState | null,
  ): Promise<ConnectionOf<T.LawChangeType> | null> {
    return permits(actor, 'compliance:read-law') ? toConnection(await this.changes.page(state ?? null, pageRequest(page.first, page.after, 1)), (c) => c) : null;
  }

  @Asks('compliance:read-law')
  @Query(() => [T.RefusedLawFile], { nullable: true, complexity: ({ childComplexity }) => 5 + 5 * childComplexity, description: `Files of the law that this process refused when it started, at most ${MOST_FILES}; for staff.` })
  refusedLawFiles(@CurrentActor() actor: Actor): readonly T.RefusedLawFile[] | null {
    return permits(actor, 'compliance:read-law') ? this.loading.refused.slice(0, MOST_FILES) : null;
  }

  @ResolveField('document', () => T.LawDocumentType, { nullable: true })
  documentOf(@Parent() change: T.LawChangeType, @Context() context: LoaderHolder): Promise<T.LawDocumentType | null> {
    return loader<LawDocumentHead>(context, 'compliance.law-document', (hashes) => this.documents.byHashes(hashes)).load(change.documentHash);
  }

  @Asks('compliance:propose-law')
  @Mutation(() => T.SubmitLawDocumentResult, { description: 'Takes a rulebook or list and keeps it under its hash. It decides nothing until it is activated. Compliance officers and staff administrators.' })
  submitLawDocument(@CurrentActor() actor: Actor, @Args('input') input: SubmitLawDocumentInput): Promise<object> {
    return this.submitting.execute(actor, input);
  }

  @Asks('compliance:propose-law')
  @Mutation(() => T.ProposeLawChangeResult, { description: 'Proposes to put a document in force or to retire it. Refused where the law that is left would not hold together.' })
  proposeLawChange(@CurrentActor() actor: Actor, @Args('input') input: ProposeLawChangeInput): Promise<object> {
    return this.changing.propose(actor, input);
  }

  @Asks('compliance:confirm-law')
  @Mutation(() => T.DecideLawChangeResult, { description: 'Confirms or rejects a change that another member of staff proposed. Decisions after it stand on the new law.' })
  decideLawChange(@CurrentActor() actor: Actor, @Args('input') input: DecideLawChangeInput): Promise<object> {
    return this.changing.decide(actor, input);
  }
}
