import { Args, Context, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Authenticated, Public } from '#identity';
import { Clock, loader, type LoaderHolder } from '#shared';
import type { GuidelineLanguage } from '../domain/law/guideline.js';
import { type GuidelineKey, GuidelineRepository, type KeptGuideline } from '../storage/guideline.repository.js';
import { DecisionReasonType } from './decision.types.js';
import { GuidelineLanguageEnum, GuidelineType } from './dry-run.types.js';

@Resolver(() => DecisionReasonType)
@Authenticated()
export class GuidelineResolver {
  constructor(private readonly guidelines: GuidelineRepository, private readonly clock: Clock) {}

  @Public()
  @Query(() => GuidelineType, { nullable: true, description: 'The text that explains rules, as it stood at a moment; null where there was none.' })
  async guideline(
    @Args('id', { type: () => String, description: 'Its id, as a reason of a decision names it.' }) id: string,
    @Args('language', { type: () => GuidelineLanguageEnum, defaultValue: 'en', description: 'Its language.' }) language: GuidelineLanguage,
    @Args('at', { type: () => Date, nullable: true, description: 'The moment; now when left out.' }) at: Date | null,
  ): Promise<GuidelineType | null> {
    return (await this.guidelines.at([{ id, language, at: at ?? this.clock.now() }]))[0] ?? null;
  }

  @ResolveField(() => String, { nullable: true, complexity: 3, description: 'The text that explains the rule, as it stood when it was decided: Markdown.' })
  async guidelineText(
    @Parent() reason: DecisionReasonType,
    @Args('language', { type: () => GuidelineLanguageEnum, defaultValue: 'en', description: 'Its language.' }) language: GuidelineLanguage,
    @Context() context: LoaderHolder,
  ): Promise<string | null> {
    if (!reason.guideline) return null;
    const key: GuidelineKey = { id: reason.guideline, language, at: reason.at ?? this.clock.now() };
    const found = await loader<KeptGuideline>(context, 'compliance.guideline', (keys) => this.byKeys(keys)).load(JSON.stringify(key));
    return found?.text ?? null;
  }

  private async byKeys(keys: readonly string[]): Promise<Map<string, KeptGuideline>> {
    const found = await this.guidelines.at(keys.map((k) => JSON.parse(k) as GuidelineKey));
    return new Map(keys.flatMap((k, i) => (found[i] ? [[k, found[i]] as const] : [])));
  }
}
