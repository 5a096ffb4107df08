import { Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IsString, Length } from 'class-validator';
import { enumOf, LIMITS, Problem, resultUnion } from '#shared';
import { GUIDELINE_LANGUAGES } from '../domain/law/guideline.js';
import { DecisionReasonType, FilingType, OutcomeEnum } from './decision.types.js';

export const GuidelineLanguageEnum = enumOf(GUIDELINE_LANGUAGES);
registerEnumType(GuidelineLanguageEnum, { name: 'GuidelineLanguage', description: 'The languages of guidelines.', valuesMap: { EN: { description: 'English.' }, ZH: { description: 'Chinese, simplified.' } } });

@ObjectType('Guideline', { description: 'A text that explains rules to whoever has to act. Engineering material, no legal advice.' })
export class GuidelineType {
  @Field(() => String, { description: 'Which it is, in every language and version: `cn-contract`.' }) id: string;
  @Field(() => GuidelineLanguageEnum, { description: 'Its language.' }) language: string;
  @Field(() => String, { description: 'Which version of it.' }) version: string;
  @Field(() => String, { description: 'The day of the text, YYYY-MM-DD.' }) date: string;
  @Field(() => String, { description: 'For people.' }) title: string;
  @Field(() => String, { description: 'Markdown.' }) text: string;
  @Field(() => String, { description: 'SHA-256 of its file.' }) hash: string;
}

@InputType({ description: 'A case to be asked about.' })
export class DecideTransferInput {
  @IsString() @Length(2, LIMITS.dryRunCharacters)
  @Field(() => String, { description: 'The facts as JSON text, in the form of the `input` of a case of a decision file (docs/law.md). A count that is left out is 0, and without `asOf` the law of today applies; of an order, `previewOrder` asks with what the exchange knows.' }) facts: string;
}

@ObjectType({ description: 'What the law in force says of given facts. Nothing is recorded or reserved.' })
export class TransferDryRun {
  @Field(() => OutcomeEnum, { description: 'What the law asks for.' }) outcome: string;
  @Field(() => Boolean, { description: 'Whether a transfer with exactly these facts could go ahead.' }) permitted: boolean;
  @Field(() => [String], { description: 'The mechanisms or exemptions that carry the transfer, or would.' }) mechanisms: readonly string[];
  @Field(() => [[String]], { description: 'Groups of mechanisms of which one each is not held yet.' }) needs: readonly (readonly string[])[];
  @Field(() => [FilingType], { description: 'What has to be filed.' }) filings: readonly FilingType[];
  @Field(() => [String], { description: 'Duties of the parties, each with its source and how sure it is.' }) obligations: readonly string[];
  @Field(() => [DecisionReasonType], { description: 'Rule and articles that decided.' }) reasons: readonly DecisionReasonType[];
  @Field(() => [String], { description: 'Every rule that was looked at, in order; the last one decided.' }) considered: readonly string[];
  @Field(() => String, { description: 'The law of this day was applied, YYYY-MM-DD.' }) asOf: string;
  @Field(() => String, { description: 'SHA-256 of the law that was asked.' }) rulebookHash: string;
}

@ObjectType({ implements: () => [Problem], description: 'Facts that decide are not known. They are never guessed.' })
export class FactsMissing extends Problem {
  @Field(() => [String], { description: 'The facts that are missing, by their names in a decision file.' }) missing: readonly string[];
}

@ObjectType({ description: 'A stored decision worked out again.' })
export class DecisionReplay {
  @Field(() => ID, { description: 'The decision.' }) decisionId: string;
  @Field(() => Boolean, { description: 'Whether it comes out the same, field by field.' }) same: boolean;
  @Field(() => [String], { description: 'The fields in which it comes out otherwise; `law` where the law behind its hash is not kept here.' }) differences: readonly string[];
  @Field(() => String, { description: 'SHA-256 of the law that it stands on.' }) rulebookHash: string;
}

export const DecideTransferResult = resultUnion('DecideTransferResult', () => TransferDryRun, FactsMissing);
