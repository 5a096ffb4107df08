import { Field, Int, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { Asks, Authenticated } from '#identity';
import { CASE_KINDS, type CaseKindDefinition } from '../domain/counter/case-kind.js';
import { CASE_RULES } from '../domain/counter/case-kinds.js';
import { CaseEventEnum, CaseKindEnum, CaseSideEnum, DocumentKindEnum } from './case.types.js';
import { ConfidenceEnum } from './decision.types.js';

@ObjectType('CaseTransition', { description: 'One way on in a case.' })
export class CaseTransition {
  @Field(() => [String], { description: 'The states from which it leads on.' }) from: readonly string[];
  @Field(() => CaseEventEnum, { description: 'What is done.' }) event: string;
  @Field(() => String, { description: 'The state to which it leads.' }) to: string;
  @Field(() => [CaseSideEnum], { description: 'Who does it.' }) by: readonly string[];
  @Field(() => [DocumentKindEnum], { description: 'Of each of these a document must be there.' }) evidence: readonly string[];
  @Field(() => [DocumentKindEnum], { description: 'Of each of these the newest document must have been accepted by staff.' }) accepted: readonly string[];
  @Field(() => [String], { description: 'What has to be said with it: fields of MoveCaseInput.' }) needs: readonly string[];
  @Field(() => Boolean, { description: 'Whether an approval comes of it.' }) grants: boolean;
}

@ObjectType('StatutoryClock', { description: 'A time that begins when a state is entered.' })
export class StatutoryClockType {
  @Field(() => String, { description: 'The state.' }) state: string;
  @Field(() => Int, { description: 'So many days.' }) days: number;
  @Field(() => Boolean, { description: 'Working days, or all days.' }) workingDays: boolean;
  @Field(() => String, { description: 'Where it comes from.' }) citation: string;
  @Field(() => ConfidenceEnum, { description: 'How sure that is.' }) confidence: string;
}

@ObjectType('CaseKindRules', { description: 'How cases of one kind go.' })
export class CaseKindRulesType {
  @Field(() => CaseKindEnum, { description: 'The kind.' }) kind: string;
  @Field(() => String, { description: 'What it is, with its source.' }) title: string;
  @Field(() => [String], { nullable: true, description: 'The types of approval that it may be after; null: every one that no other kind has for itself.' }) mechanisms: readonly string[] | null;
  @Field(() => [String], { nullable: true, description: 'What it may be about; null: anything.' }) subjects: readonly string[] | null;
  @Field(() => Boolean, { description: 'Whether an accredited assessor is ordered with it.' }) assessor: boolean;
  @Field(() => String, { description: 'The state in which it is opened.' }) initial: string;
  @Field(() => [CaseTransition], { description: 'Every way on.' }) transitions: readonly CaseTransition[];
  @Field(() => [StatutoryClockType], { description: 'Its times.' }) clocks: readonly StatutoryClockType[];
}

@Resolver()
@Authenticated()
export class CaseKindsResolver {
  @Asks('AUTHENTICATED')
  @Query(() => [CaseKindRulesType], { complexity: 200, description: 'How each kind of case at the service counter goes: who does what when, with which evidence, and what times run.' })
  caseKinds(): CaseKindRulesType[] {
    return SHOWN;
  }
}

const show = ({ kind, title, mechanisms, subjects, assessor, initial, steps, clocks }: CaseKindDefinition): CaseKindRulesType => ({
  kind, title, mechanisms, subjects, assessor, initial,
  transitions: steps.map(({ from, event, to, by, evidence = [], accepted = [], needs = [], effect }) => ({ from: [from].flat(), event, to, by, evidence, accepted, needs, grants: effect === 'GRANT' })),
  clocks: Object.entries(clocks).flatMap(([state, clock]) => (clock === 'GOES_ON' ? [] : [{ state, days: clock.days, workingDays: clock.unit === 'WORKING', citation: clock.citation, confidence: clock.confidence }])),
});
const SHOWN = CASE_KINDS.map((kind) => show(CASE_RULES[kind]));
