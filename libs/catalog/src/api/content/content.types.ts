import { Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import { enumOf } from '#shared';
import { COLUMN_TYPES, type DictionaryColumn, SENSITIVITIES, UNIT_SYSTEMS } from '../../domain/content/dictionary.js';
import { ANSWERS } from '../../domain/scenario/claim.js';
import { ANSWERERS } from '../../domain/scenario/pack.js';
import type { Texts } from '../../domain/content/texts.js';

export const ColumnTypeEnum = enumOf(COLUMN_TYPES);
export const SensitivityEnum = enumOf(SENSITIVITIES);
export const UnitSystemEnum = enumOf(UNIT_SYSTEMS);
export const AnswerEnum = enumOf(ANSWERS);
const AnswererEnum = enumOf(ANSWERERS);
registerEnumType(AnswerEnum, { name: 'ChecklistAnswerValue', description: 'An answer to an item of a checklist.' });
registerEnumType(AnswererEnum, { name: 'ChecklistAnswerer', description: 'Who answers an item of a checklist.' });
registerEnumType(ColumnTypeEnum, { name: 'ColumnType', description: 'Type of the values of a column.' });
registerEnumType(SensitivityEnum, {
  name: 'Sensitivity', description: 'What a value of a column gives away.',
  valuesMap: {
    NONE: { description: 'Nothing that is protected.' }, CONFIDENTIAL: { description: 'Business secrets.' }, PERSONAL: { description: 'Personal information.' },
    SENSITIVE_PERSONAL: { description: 'Sensitive personal information (PIPL Art. 28).' }, IMPORTANT: { description: 'Important data (DSL Art. 21).' },
  },
});
registerEnumType(UnitSystemEnum, {
  name: 'UnitSystem', description: 'How a unit is written.',
  valuesMap: { UCUM: { description: 'A code of the Unified Code for Units of Measure: m/s, [kn_i].' }, TEXT: { description: 'Words for people.' } },
});

@ObjectType({ description: 'Who answers for the data (dct:publisher).' })
export class Publisher {
  @Field(() => String, { description: 'Name.' }) name: string;
  @Field(() => String, { nullable: true, description: 'Home page.' }) url?: string | null;
}

@ObjectType({ description: 'Whom to ask about the data (dcat:contactPoint).' })
export class ContactPoint {
  @Field(() => String, { description: 'Name.' }) name: string;
  @Field(() => String, { nullable: true, description: 'Mailbox.' }) email?: string | null;
  @Field(() => String, { nullable: true, description: 'Page.' }) url?: string | null;
}

@ObjectType({ description: 'An answer of a vendor to an item of a checklist.' })
export class ChecklistAnswer {
  @Field(() => String, { description: 'Code of the item.' }) code: string;
  @Field(() => AnswerEnum, { description: 'The answer.' }) answer: string;
  @Field(() => String, { nullable: true, description: 'Evidence, or why it does not apply.' }) note?: string | null;
}

@ObjectType('Scenario', { description: 'The scenario that a product is of, as its vendor claims and its pack checks.' })
export class ScenarioType {
  @Field(() => String, { description: 'Id of the pack.' }) pack: string;
  @Field(() => String, { description: 'Version of the pack that it was held against.' }) version: string;
  @Field(() => String, { description: 'What the schema of the pack asks for: JSON text.' }) metadata: string;
  @Field(() => [ChecklistAnswer], { description: 'Answers of the vendor to the checklist.' }) answers: readonly ChecklistAnswer[];
}

@ObjectType({ description: 'An item of the compliance checklist of a scenario.' })
export class ChecklistItemType {
  @Field(() => String, { description: 'Its code.' }) code: string;
  @Field(() => String, { description: 'What is asked, in the language asked for where there is one, else in English.' }) text: string;
  @Field(() => AnswererEnum, { description: 'Who answers it.' }) answeredBy: string;
  @Field(() => Boolean, { description: 'Whether a product is handed in only once it is answered, and not with no.' }) requiredAtSubmit: boolean;
  @Field(() => String, { description: 'What stands behind it.' }) source: string;
}

@ObjectType({ description: 'What can be counted of data of a scenario.' })
export class PackMeterType {
  @Field(() => String, { description: 'Its code.' }) code: string;
  @Field(() => String, { description: 'UCUM unit.' }) unit: string;
  @Field(() => String, { description: 'What is counted.' }) description: string;
}

@ObjectType('ScenarioPack', { description: 'What data of one scenario has to say of itself, what is usually licensed of it, what is asked of it and what of it is counted.' })
export class ScenarioPackType {
  @Field(() => String, { description: 'Id.' }) id: string;
  @Field(() => String, { description: 'Version.' }) version: string;
  @Field(() => String, { description: 'Title.' }) title: string;
  @Field(() => String, { description: 'What it is for.' }) description: string;
  @Field(() => String, { description: 'JSON Schema 2020-12 of the metadata, JSON text.' }) metadataSchema: string;
  @Field(() => String, { description: 'Name of the template of licence terms.' }) rightsTemplate: string;
  @Field(() => String, { description: 'The template: an ODRL 2.2 policy, JSON text.' }) rightsPolicy: string;
  @Field(() => [ChecklistItemType], { description: 'Its compliance checklist.' }) checklist: readonly ChecklistItemType[];
  @Field(() => [PackMeterType], { description: 'Its meters.' }) meters: readonly PackMeterType[];
}

@ObjectType({ description: 'What a product says of itself, in the terms of DCAT-AP 3.' })
export class ProductMetadata {
  texts: Texts;
  ownKeywords: readonly string[];
  @Field(() => [String], { description: 'Where the data is about: ISO 3166-1 alpha-2 or ISO 3166-2 (dct:spatial).' }) spatial: readonly string[];
  @Field(() => String, { nullable: true, description: 'First day that the data is about, YYYY-MM-DD (dct:temporal).' }) temporalStart?: string | null;
  @Field(() => String, { nullable: true, description: 'Last day that it is about; null where it goes on.' }) temporalEnd?: string | null;
  @Field(() => String, { nullable: true, description: 'How often it is renewed, a code of the EU table of frequencies (dct:accrualPeriodicity).' }) frequency?: string | null;
  @Field(() => [String], { description: 'Languages of the data, BCP 47 (dct:language).' }) dataLanguages: readonly string[];
  @Field(() => Publisher, { nullable: true, description: 'Who answers for the data.' }) publisher?: Publisher | null;
  @Field(() => ContactPoint, { nullable: true, description: 'Whom to ask.' }) contact?: ContactPoint | null;
  @Field(() => [String], { description: 'IRIs of the standards that it follows (dct:conformsTo).' }) conformsTo: readonly string[];
  @Field(() => ScenarioType, { nullable: true, description: 'The scenario that it is of.' }) scenario?: ScenarioType | null;
}

@ObjectType({ description: 'A unit of measure.' })
export class ColumnUnit {
  @Field(() => UnitSystemEnum, { description: 'How it is written.' }) system: string;
  @Field(() => String, { description: 'The unit.' }) value: string;
}

@ObjectType('DictionaryColumn', { description: 'A column of a data dictionary, as its vendor describes it.' })
export class DictionaryColumnType {
  descriptions: DictionaryColumn['descriptions'];
  /** Of the dataset, to fall back to. */
  fallback: string;
  @Field(() => String, { description: 'Name, as it stands in the file.' }) name: string;
  @Field(() => ColumnTypeEnum, { description: 'Type of its values.' }) type: string;
  @Field(() => ColumnUnit, { nullable: true, description: 'Unit of its values.' }) unit?: ColumnUnit | null;
  @Field(() => SensitivityEnum, { description: 'What a value gives away.' }) sensitivity: string;
}

@ObjectType({ description: 'A code of a controlled vocabulary.' })
export class VocabularyCode {
  @Field(() => String, { description: 'The code.' }) code: string;
  @Field(() => String, { description: 'Its IRI.' }) iri: string;
  @Field(() => String, { description: 'Its name, in the language asked for where it has one, else in English.' }) name: string;
}

@ObjectType('Vocabulary', { description: 'A controlled vocabulary that content is checked against.' })
export class VocabularyType {
  @Field(() => ID, { description: 'data-theme or frequency.' }) id: string;
  @Field(() => String, { description: 'What it is.' }) title: string;
  @Field(() => String, { description: 'What stands before each code.' }) iri: string;
  @Field(() => [VocabularyCode], { description: 'Its codes.' }) codes: readonly VocabularyCode[];
}
