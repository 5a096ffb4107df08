import { Args, Context, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Compliance, type Decision, DecisionType, toDecisionType } from '#compliance';
import { type Actor, Asks, Authenticated, CurrentActor, permits } from '#identity';
import { canonicalJson, type ConnectionOf, loader, type LoaderHolder, PageArgs, pageCost, pageRequest, toConnection } from '#shared';
import { whyNot } from '../../domain/terms/licence-terms.js';
import { renderPolicy } from '../../domain/terms/render.js';
import { writePolicy } from '../../domain/terms/write-policy.js';
import { ReshareRepository } from '../../storage/reshare.repository.js';
import { type AgreementSignature, SignatureRepository } from '../../storage/signature.repository.js';
import { SignAgreement } from '../../use-cases/agreements/sign-agreement.js';
import { JudgeUse, type JudgedUse } from '../../use-cases/terms/judge-use.js';
import { ReshareData } from '../../use-cases/terms/reshare-data.js';
import { Agreement, Licence } from '../contracts.types.js';
import * as T from './terms.types.js';

type TermsLanguage = 'EN' | 'ZH';
const languageOf = (language: TermsLanguage): 'en' | 'zh' => (language === 'ZH' ? 'zh' : 'en');
const LANGUAGE = { type: () => T.TermsLanguageEnum, defaultValue: 'EN', description: 'In which language.' };

@Resolver(() => T.LicenceTerms)
@Authenticated()
export class LicenceTermsResolver {
  @ResolveField(() => String, { complexity: 5, description: 'The policy that binds: ODRL 2.2 as JSON-LD, RFC 8785 form.' })
  policy(@Parent() { terms }: T.LicenceTerms): string {
    return canonicalJson(writePolicy(terms.policy));
  }
  @ResolveField(() => [T.TermsClause], { complexity: 5, description: 'Its clauses in plain words.' })
  clauses(@Parent() { terms }: T.LicenceTerms, @Args('language', LANGUAGE) language: TermsLanguage): T.TermsClause[] {
    return renderPolicy(terms.policy, languageOf(language));
  }
}

/** Who sees an agreement sees who signed it. */
@Resolver(() => Agreement)
@Authenticated()
export class AgreementSignaturesResolver {
  constructor(private readonly signatures: SignatureRepository, private readonly signing: SignAgreement) {}

  @ResolveField('signatures', () => [T.AgreementSignature], { complexity: 20, description: 'Who signed it; none of those that were concluded before signatures were kept.' })
  async signaturesOf(@Parent() agreement: Agreement, @Context() context: LoaderHolder): Promise<T.AgreementSignature[]> {
    return (await loader<AgreementSignature[]>(context, 'contracts.signatures', (ids) => this.signatures.ofAgreements(ids)).load(agreement.id)) ?? [];
  }

  @Asks('contracts:seal')
  @Mutation(() => T.SignAgreementResult, { description: 'Adds the signature of a key that the organisation registered for one of its API keys.' })
  async signAgreement(@CurrentActor() actor: Actor, @Args('input') input: T.SignAgreementInput): Promise<object> {
    return this.signing.execute(actor, input);
  }
}

@Resolver(() => Licence)
@Authenticated()
export class UseResolver {
  constructor(private readonly judging: JudgeUse, private readonly resharing: ReshareData, private readonly reshares: ReshareRepository) {}

  @Asks('contracts:read', 'oversight:read')
  @Query(() => T.UseJudgement, { nullable: true, complexity: 20, description: 'Whether the terms of a licence permit a use now, and which clause decides. For its two sides and for staff.' })
  async checkUse(@CurrentActor() actor: Actor, @Args('input') input: T.CheckUseInput, @Args('language', LANGUAGE) language: TermsLanguage): Promise<T.UseJudgement | null> {
    const judged = await this.judging.execute(actor, { ...input, purpose: input.purpose ?? null, places: input.places ?? [], recipientId: input.recipientId ?? null });
    return judged && shown(judged, languageOf(language));
  }

  @Asks('contracts:reshare')
  @Mutation(() => T.ReshareDataResult, { description: 'Passes data on, or lets an organisation use it, as the terms and the law permit: what the vendor could not hand to the recipient there, the licensee does not either; its vendor and the recipient are told, with the duties that go with it.' })
  async reshareData(@CurrentActor() actor: Actor, @Args('input') input: T.ReshareDataInput): Promise<object> {
    return this.resharing.execute(actor, input);
  }

  @Asks('contracts:read', 'oversight:read')
  @Query(() => T.ReshareConnection, { name: 'reshares', nullable: true, complexity: pageCost, description: 'What was passed on under a licence, newest first. For its two sides and for staff.' })
  async list(@CurrentActor() actor: Actor, @Args() page: PageArgs, @Args('licenceId', { type: () => ID, description: 'The licence.' }) licenceId: string): Promise<ConnectionOf<T.Reshare> | null> {
    const asked = await this.judging.execute(actor, { licenceId, action: 'use', purpose: null, places: [], recipientId: null });
    return asked && toConnection(await this.reshares.page(licenceId, pageRequest(page.first, page.after, 1)), (r): T.Reshare => ({ ...r }));
  }
}

@Resolver(() => T.Reshare)
@Authenticated()
export class ReshareDecisionsResolver {
  constructor(private readonly compliance: Compliance) {}

  @ResolveField(() => [DecisionType], { complexity: ({ childComplexity }) => 10 * childComplexity, description: 'What the law said, for each place: for the vendor and for staff, nothing for others. None where data was passed on before this was kept.' })
  async decisions(@CurrentActor() actor: Actor, @Parent() { decisionIds }: T.Reshare, @Context() context: LoaderHolder): Promise<DecisionType[]> {
    const found = await Promise.all(decisionIds.map((id) => loader<Decision>(context, 'contracts.decision', (ids) => this.compliance.byIds(ids)).load(id)));
    return found.flatMap((decision) => (decision && (decision.exporterId === actor.tenantId || permits(actor, 'oversight:read')) ? [toDecisionType(decision, actor)] : []));
  }
}

function shown({ agreement: { terms }, judgement }: JudgedUse, language: 'en' | 'zh'): T.UseJudgement {
  const clauses = renderPolicy(terms.policy, language);
  const clause = clauses.find((c) => c.uid === judgement.clause?.uid) ?? null;
  if (!judgement.permitted) return { permitted: false, clause, reason: whyNot(judgement, language), duties: [] };
  const duties = judgement.duties.map((d) => clauses.find((c) => c.uid === d.uid) ?? { uid: d.uid, kind: 'OBLIGATION', text: d.action });
  return { permitted: true, clause, reason: clause?.text ?? '', duties };
}
