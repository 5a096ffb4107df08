import { Args, Context, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { canonicalJson, type ConnectionOf, loader, type LoaderHolder, PageArgs, pageCost, pageRequest, toConnection } from '#shared';
import type { DeletionState } from '../../domain/deletions/deletion.js';
import { type DeletionCertificate, DeletionCertificateRepository } from '../../storage/deletion-certificate.repository.js';
import { type Deletion, type DeletionFilter, type DeletionHistory, DeletionRepository } from '../../storage/deletion.repository.js';
import { AnswerDeletion } from '../../use-cases/deletions/answer-deletion.js';
import { CertifyDeletion } from '../../use-cases/deletions/certify-deletion.js';
import { SideEnum } from '../terminations.types.js';
import * as I from './deletions.inputs.js';
import * as T from './deletions.types.js';

/** The newest of one deletion. */
const MOST_LINES = 50;
const MOST_CERTIFICATES = 20;

@Resolver(() => T.Deletion)
@Authenticated()
export class DeletionsResolver {
  constructor(private readonly repository: DeletionRepository, private readonly certificates: DeletionCertificateRepository, private readonly answers: AnswerDeletion, private readonly certification: CertifyDeletion) {}

  @Asks('contracts:read', 'contracts:end', 'oversight:read')
  @Query(() => T.Deletion, { nullable: true, description: 'A deletion, for its two sides and for staff.' })
  async deletion(@CurrentActor() actor: Actor, @Args('id', { type: () => ID, description: 'UUID.' }) id: string): Promise<T.Deletion | null> {
    return this.answers.deletionFor(actor, id);
  }

  @Asks('contracts:read', 'contracts:end', 'oversight:read')
  @Query(() => T.DeletionConnection, { nullable: true, complexity: pageCost, description: "Deletions that the caller's organisation owes or is owed, newest first; everybody's for staff." })
  async deletions(
    @CurrentActor() actor: Actor, @Args() page: PageArgs,
    @Args('state', { type: () => T.DeletionStateEnum, nullable: true, description: 'Only those in this state.' }) state: DeletionState | null,
    @Args('licenceId', { type: () => ID, nullable: true, description: 'Only of this licence.' }) licenceId: string | null,
    @Args('side', { type: () => SideEnum, nullable: true, description: 'Only where the caller is this side.' }) side: DeletionFilter['side'] | 'EXCHANGE',
  ): Promise<ConnectionOf<T.Deletion> | null> {
    const reader = this.answers.readerOf(actor);
    if (reader === undefined) return null;
    const found = await this.repository.page(reader, { state: state ?? null, licenceId: licenceId ?? null, side: side === 'EXCHANGE' ? null : (side ?? null) }, pageRequest(page.first, page.after, 1));
    return toConnection(found, (d: Deletion): T.Deletion => ({ ...d }));
  }

  @ResolveField('certificates', () => [T.DeletionCertificate], { complexity: 20, description: `What the buyer filed, newest first, at most ${MOST_CERTIFICATES}.` })
  async certificatesOf(@Parent() deletion: T.Deletion, @Context() context: LoaderHolder): Promise<T.DeletionCertificate[]> {
    const found = await loader<DeletionCertificate[]>(context, 'contracts.deletion-certificates', (ids) => this.certificates.ofDeletions(ids, MOST_CERTIFICATES)).load(deletion.id);
    return (found ?? []).map((c) => ({ ...c, document: canonicalJson(c.document) }));
  }
  @ResolveField('history', () => [T.DeletionHistory], { complexity: 20, description: `What happened, newest first, at most ${MOST_LINES}.` })
  async historyOf(@Parent() deletion: T.Deletion, @Context() context: LoaderHolder): Promise<T.DeletionHistory[]> {
    return (await loader<DeletionHistory[]>(context, 'contracts.deletion-history', (ids) => this.repository.history(ids, MOST_LINES)).load(deletion.id)) ?? [];
  }

  @Asks('contracts:account-for-deletion')
  @Mutation(() => T.CertifyDeletionResult, { description: 'The buyer states that the data is deleted, and signs that. Another one may follow, as long as the matter is open.' })
  async certifyDeletion(@CurrentActor() actor: Actor, @Args('input') input: I.CertifyDeletionInput): Promise<object> {
    const recipients = (input.recipients ?? []).map((r) => ({ ...r, organisationId: r.organisationId ?? null }));
    return this.certification.execute(actor, { ...input, recipients, retained: input.retained ?? null, jws: input.jws ?? null });
  }

  @Asks('contracts:account-for-deletion')
  @Mutation(() => T.ContestDeletionResult, { description: 'The vendor contests a certificate within 30 days; staff decides, or the buyer files another one.' })
  async contestDeletion(@CurrentActor() actor: Actor, @Args('input') input: I.ContestDeletionInput): Promise<object> {
    return this.answers.answer(actor, 'contest', input);
  }

  @Asks('contracts:account-for-deletion')
  @Mutation(() => T.ReleaseDeletionResult, { description: 'The vendor asks no more of the buyer: the certificate is good, or none is needed.' })
  async releaseDeletion(@CurrentActor() actor: Actor, @Args('input') input: I.ReleaseDeletionInput): Promise<object> {
    return this.answers.answer(actor, 'release', input);
  }

  @Asks('contracts:end')
  @Mutation(() => T.JudgeDeletionResult, { description: 'Staff closes a deletion that does not come to an end, or finds that a contested certificate does not hold.' })
  async judgeDeletion(@CurrentActor() actor: Actor, @Args('input') input: I.JudgeDeletionInput): Promise<object> {
    return this.answers.judge(actor, input);
  }
}
