import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { connectionType, enumOf, resultUnion } from '#shared';
import { type Effect, EFFECTS, SCREENED_TYPES, type ScreenedType, SCREENING_CAUSES, type Screening, SCREENING_STATES, type ScreeningCause, type ScreeningProgress, type ScreeningState } from '../domain/screening/screening.js';
import { DecisionReasonType, OutcomeEnum } from './decision.types.js';

const CauseEnum = enumOf<ScreeningCause>(SCREENING_CAUSES);
const StateEnum = enumOf<ScreeningState>(SCREENING_STATES);
const ObjectEnum = enumOf<ScreenedType>(SCREENED_TYPES);
const EffectEnum = enumOf<Effect>(EFFECTS);
registerEnumType(CauseEnum, {
  name: 'ScreeningCause', description: 'What made it necessary to look at the market again.',
  valuesMap: {
    LAW: { description: 'Another law is in force, or is proposed.' }, APPROVAL: { description: 'An approval was granted, revoked or has expired.' }, CERTIFICATE: { description: 'A certificate or the recognition of one.' },
    PARTY: { description: 'A fact about an organisation.' }, DAY: { description: 'A new day: entries begin and end at midnight.' }, MANUAL: { description: 'A member of staff.' },
  },
});
registerEnumType(StateEnum, {
  name: 'ScreeningState', description: 'How far a screening is.',
  valuesMap: { RUNNING: { description: 'Under way.' }, DONE: { description: 'Everything was looked at.' }, FAILED: { description: 'A part of the market could not be looked at; start another one.' } },
});
registerEnumType(ObjectEnum, { name: 'ScreenedObject', description: 'What is screened.', valuesMap: { PRODUCT: { description: 'A product, whoever would buy it.' }, LICENCE: { description: 'A licence with both of its sides.' } } });
registerEnumType(EffectEnum, { name: 'ScreeningEffect', description: 'What a screening does, or would.', valuesMap: { SUSPEND: { description: 'It is not permitted and rests.' }, RESUME: { description: 'It is permitted again.' } } });

@ObjectType('Screening', { description: 'The market looked at again, in the background.' })
export class ScreeningType {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => CauseEnum, { description: 'What made it necessary.' }) cause: string;
  @Field(() => String, { description: 'What changed, in the words of its cause.' }) reference: string;
  @Field(() => ID, { nullable: true, description: 'One organisation on either side; null: the whole market.' }) organisationId?: string | null;
  @Field(() => Boolean, { description: 'It says what would change and changes nothing.' }) dryRun: boolean;
  @Field(() => String, { description: 'SHA-256 of the law before.' }) lawHashBefore: string;
  @Field(() => String, { description: 'SHA-256 of the law after.' }) lawHashAfter: string;
  @Field(() => StateEnum, { description: 'How far it is.' }) state: string;
  @Field(() => Int, { description: 'Objects to look at, as far as they are counted.' }) total: number;
  @Field(() => Int, { description: 'Objects that were looked at.' }) done: number;
  @Field(() => Int, { description: 'Objects that it changed, or would.' }) affected: number;
  @Field(() => Date, { description: 'Since when.' }) startedAt: Date;
  @Field(() => Date, { nullable: true, description: 'When it was over.' }) finishedAt?: Date | null;
}

@ObjectType('ScreeningResult', { description: 'What a screening changes for one object, or would.' })
export class ScreeningResultType {
  @Field(() => ObjectEnum, { description: 'What it is.' }) objectType: string;
  @Field(() => ID, { description: 'Its UUID.' }) objectId: string;
  @Field(() => EffectEnum, { description: 'What is done with it.' }) effect: string;
  @Field(() => OutcomeEnum, { nullable: true, description: 'Under the law before; null where that is the same, or leaves it to who buys.' }) outcomeBefore?: string | null;
  @Field(() => OutcomeEnum, { nullable: true, description: 'Under the law after; null where that leaves it to who buys.' }) outcomeAfter?: string | null;
  @Field(() => [DecisionReasonType], { description: 'What it stands on.' }) reasons: readonly DecisionReasonType[];
  @Field(() => [String], { description: 'Facts that decide and are not known.' }) missing: readonly string[];
}

export const ScreeningConnection = connectionType(ScreeningType, 'Screening');
export const ScreeningResultConnection = connectionType(ScreeningResultType, 'ScreeningResult');
export const ScreenLawChangeResult = resultUnion('ScreenLawChangeResult', () => ScreeningType);
export const StartScreeningResult = resultUnion('StartScreeningResult', () => ScreeningType);

export const toScreeningType = (s: ScreeningProgress): ScreeningType => ({ ...s });
/** One that has just been requested: nothing is counted yet. */
export const showScreening = (result: Screening | { refused: true }): object => ('refused' in result ? result : { ...result, total: 0, done: 0, affected: 0 });
