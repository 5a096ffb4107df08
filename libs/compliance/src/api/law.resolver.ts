import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { type Actor, Asks, Authenticated, CurrentActor, Public } from '#identity';
import { canonicalJson, type ConnectionOf, loader, type LoaderHolder, PageArgs, pageCost, pageRequest, toConnection } from '#shared';
import type { LawChangeState } from '../domain/law/change-state.js';
import type { LawDocumentHead } from '../storage/law-documents.repository.js';
import { ChangeLaw } from '../use-cases/law/change-law.js';
import { ReadLaw } from '../use-cases/law/read-law.js';
import { SubmitLawDocument } from '../use-cases/law/submit-law-document.js';
import { DecideLawChangeInput, ProposeLawChangeInput, SubmitLawDocumentInput } from './law.inputs.js';
import * as T from './law.types.js';

@Resolver(() => T.LawChangeType)
@Authenticated()
export class LawResolver {
  constructor(private readonly reading: ReadLaw, private readonly submitting: SubmitLawDocument, private readonly changing: ChangeLaw) {}

  @Public()
  @Query(() => T.LawDocumentConnection, { complexity: pageCost, description: 'The documents of the law that decisions of this moment stand on, by kind, id and version.' })
  async lawInForce(@Args() page: PageArgs): Promise<ConnectionOf<T.LawDocumentType>> {
    return toConnection(await this.reading.inForce(pageRequest(page.first, page.after, 3)), (d) => d);
  }

  @Public()
  @Query(() => T.LawDocumentText, { nullable: true, description: 'A document of the law with its text, in force or not.' })
  async lawDocument(@Args('hash', { type: () => String, description: 'SHA-256 of its canonical JSON.' }) hash: string): Promise<T.LawDocumentText | null> {
    const found = await this.reading.document(hash);
    return found && { ...found, content: canonicalJson(found.content) };
  }

  @Asks('compliance:read-law')
  @Query(() => T.LawDocumentConnection, { nullable: true, complexity: pageCost, description: 'Every document that was ever taken, newest first; for staff.' })
  async lawDocuments(@CurrentActor() actor: Actor, @Args() page: PageArgs): Promise<ConnectionOf<T.LawDocumentType> | null> {
    const found = await this.reading.kept(actor, pageRequest(page.first, page.after, 2));
    return found && toConnection(found, (d) => d);
  }

  @Asks('compliance:read-law')
  @Query(() => T.LawChangeConnection, { nullable: true, complexity: pageCost, description: 'Changes of the law in force, newest first; for staff.' })
  async lawChanges(
    @CurrentActor() actor: Actor, @Args() page: PageArgs,
    @Args('state', { type: () => T.LawChangeStateEnum, nullable: true, description: 'Those in this state alone.' }) state: LawChangeState | null,
  ): Promise<ConnectionOf<T.LawChangeType> | null> {
    const found = await this.reading.changesOf(actor, state ?? null, pageRequest(page.first, page.after, 1));
    return found && toConnection(found, (c) => c);
  }

  @Asks('compliance:read-law')
  @Query(() => [T.RefusedLawFile], { nullable: true, complexity: ({ childComplexity }) => 5 + 5 * childComplexity, description: 'Files of the law that this process refused when it started, at most a hundred; for staff.' })
  refusedLawFiles(@CurrentActor() actor: Actor): readonly T.RefusedLawFile[] | null {
    return this.reading.refusedFiles(actor);
  }

  @ResolveField('document', () => T.LawDocumentType, { nullable: true })
  documentOf(@Parent() change: T.LawChangeType, @Context() context: LoaderHolder): Promise<T.LawDocumentType | null> {
    return loader<LawDocumentHead>(context, 'compliance.law-document', (hashes) => this.reading.byHashes(hashes)).load(change.documentHash);
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
