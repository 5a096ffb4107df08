import { Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import { connectionType, enumOf, resultUnion } from '#shared';
import { LAW_ACTS } from '../domain/law/change.js';
import { LAW_CHANGE_STATES } from '../domain/law/change-state.js';

export const LawActEnum = enumOf(LAW_ACTS);
export const LawChangeStateEnum = enumOf(LAW_CHANGE_STATES);
registerEnumType(LawActEnum, {
  name: 'LawAct', description: 'What happens to a document of the law.',
  valuesMap: {
    ACTIVATE: { description: 'It is put in force: a rulebook beside its older versions, anything else in the place of the version before.' },
    RETIRE: { description: 'It is taken out of force. Decisions that stand on it can still be worked out again.' },
  },
});
registerEnumType(LawChangeStateEnum, {
  name: 'LawChangeState', description: 'Where a change of the law in force stands.',
  valuesMap: { PROPOSED: { description: 'Waits for another member of staff.' }, CONFIRMED: { description: 'In force.' }, REJECTED: { description: 'Rejected, or taken back by whoever proposed it.' } },
});

@ObjectType('LawDocument', { description: 'A rulebook, a list or a calendar. Never edited: a change is another document with a version of its own.' })
export class LawDocumentType {
  @Field(() => String, { description: 'SHA-256 of its canonical JSON (RFC 8785): its identity.' }) hash: string;
  @Field(() => String, { description: '`rulebook`, `list` or another kind of document.' }) kind: string;
  @Field(() => String, { description: 'Which it is, through all its versions: `cn-export`.' }) documentId: string;
  @Field(() => String, { description: 'Which version of it.' }) version: string;
  @Field(() => String, { description: 'For people.' }) title: string;
  @Field(() => String, { nullable: true, description: 'First day on which it holds, YYYY-MM-DD; null where its entries have days of their own.' }) effectiveFrom: string | null;
  @Field(() => String, { nullable: true, description: 'First day on which it no longer holds; null while that is open.' }) effectiveTo: string | null;
  @Field(() => Boolean, { description: 'Whether decisions of this moment stand on it.' }) inForce: boolean;
  @Field(() => String, { description: 'The file that it came from, or that staff handed it in.' }) origin: string;
  @Field(() => Date, { description: 'When it was taken.' }) loadedAt: Date;
}

@ObjectType({ description: 'A document of the law with its text.' })
export class LawDocumentText extends LawDocumentType {
  @Field(() => String, { description: 'Canonical JSON, of which `hash` is the SHA-256.' }) content: string;
}

@ObjectType('LawChange', { description: 'A change of the law in force: one member of staff proposes it, another one decides.' })
export class LawChangeType {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => String, { description: 'The document that is to be activated or retired.' }) documentHash: string;
  @Field(() => LawDocumentType, { nullable: true, complexity: 3, description: 'That document.' }) document?: LawDocumentType | null;
  @Field(() => LawActEnum, { description: 'What is to happen to it.' }) act: string;
  @Field(() => LawChangeStateEnum, { description: 'Where it stands.' }) state: string;
  @Field(() => String, { description: 'Why it was proposed.' }) reason: string;
  @Field(() => ID, { description: 'The member of staff who proposed it.' }) proposedBy: string;
  @Field(() => Date, { description: 'When.' }) proposedAt: Date;
  @Field(() => ID, { nullable: true, description: 'The member of staff who decided.' }) decidedBy: string | null;
  @Field(() => Date, { nullable: true, description: 'When.' }) decidedAt: Date | null;
  @Field(() => String, { nullable: true, description: 'Why it was confirmed or rejected.' }) decisionReason: string | null;
}

@ObjectType({ description: 'A document that was taken, and waits to be activated.' })
export class SubmittedLawDocument {
  @Field(() => String, { description: 'The hash under which it is kept; what a proposal names.' }) hash: string;
}

@ObjectType({ description: 'A file of the law that was refused when this process started. What was in force before stays in force.' })
export class RefusedLawFile {
  @Field(() => String, { description: 'The file below its folder.' }) name: string;
  @Field(() => [String], { description: 'Every place that is wrong: its path and what it must be.' }) problems: readonly string[];
}

export const LawDocumentConnection = connectionType(LawDocumentType, 'LawDocument');
export const LawChangeConnection = connectionType(LawChangeType, 'LawChange');
export const SubmitLawDocumentResult = resultUnion('SubmitLawDocumentResult', () => SubmittedLawDocument);
export const ProposeLawChangeResult = resultUnion('ProposeLawChangeResult', () => LawChangeType);
export const DecideLawChangeResult = resultUnion('DecideLawChangeResult', () => LawChangeType);
