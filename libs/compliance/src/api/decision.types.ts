import { Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import { type Actor, permits } from '#identity';
import { canonicalJson, enumOf } from '#shared';
import { type Decision, STAGES } from '../domain/decision.js';
import type { DecisionFacts } from '../domain/transfer.js';
import { CONFIDENCES } from '../domain/law/in-force.js';
import { OUTCOMES } from '../domain/law/rulebook.js';

export const OutcomeEnum = enumOf(OUTCOMES);
export const ConfidenceEnum = enumOf(CONFIDENCES);
export const StageEnum = enumOf(STAGES);
registerEnumType(OutcomeEnum, {
  name: 'TransferOutcome', description: 'What the law asks for a transfer. FREE and EXEMPT permit it, PROHIBITED never does, the others once what they need is held.',
  valuesMap: {
    FREE: { description: 'No export formality.' }, EXEMPT: { description: 'A regulated transfer whose formality a named exemption waives; baseline duties stay.' },
    CONDITIONAL: { description: 'Allowed if every listed condition is met.' }, STANDARD_CONTRACT: { description: 'A contract mechanism is needed.' }, CERTIFICATION: { description: 'A certification is needed.' },
    SECURITY_ASSESSMENT: { description: 'A security assessment by the authority is needed.' }, PROHIBITED: { description: 'Not allowed.' },
    MANUAL_REVIEW: { description: 'A person decides: no rulebook does, or facts are missing.' },
  },
});
registerEnumType(ConfidenceEnum, {
  name: 'Confidence', description: 'How sure an entry of a rulebook is.',
  valuesMap: {
    VERIFIED: { description: 'Article text or official page was read.' }, SECONDARY: { description: "A law firm's note, news or an official summary." },
    GENERAL_KNOWLEDGE: { description: "Unverified; for the operator's lawyer to confirm." },
  },
});
registerEnumType(StageEnum, {
  name: 'DecisionStage', description: 'When a transfer is decided on.',
  valuesMap: { ORDER: { description: 'When the buyer orders.' }, DELIVERY: { description: 'Again before each delivery.' }, SCREENING: { description: 'Again for a live licence, after the law or a fact has changed.' }, RESHARE: { description: 'When a licensee passes data on: as if the vendor handed it to the recipient.' } },
});

@ObjectType('DecisionReason', { description: 'What a decision stands on.' })
export class DecisionReasonType {
  @Field(() => String, { description: 'The rule that decided.' }) rule: string;
  @Field(() => String, { description: 'The rulebook of the rule.' }) rulebook: string;
  @Field(() => String, { description: 'Version of the rulebook.' }) version: string;
  @Field(() => String, { description: 'The article of the law.' }) citation: string;
  @Field(() => ConfidenceEnum, { description: 'How sure the entry is.' }) confidence: string;
  @Field(() => String, { nullable: true, description: 'Id of the guideline that explains the rule.' }) guideline?: string | null;
  /** When it was decided: the guideline is shown as it stood then. */
  at?: Date;
}

@ObjectType('TransferFiling', { description: 'What has to be handed to an authority or body.' })
export class FilingType {
  @Field(() => String, { description: 'What is filed.' }) type: string;
  @Field(() => String, { description: 'Who files.' }) filer: string;
  @Field(() => String, { description: 'With whom.' }) to: string;
  @Field(() => String, { nullable: true, description: 'By when.' }) deadline: string | null;
  @Field(() => String, { nullable: true, description: 'When the answer is due.' }) reply: string | null;
  @Field(() => String, { nullable: true, description: 'How long the result holds, ISO 8601 duration.' }) validity: string | null;
  @Field(() => String, { nullable: true, description: 'What renewal takes.' }) renewal: string | null;
  @Field(() => ConfidenceEnum, { description: 'How sure the entry is.' }) confidence: string;
}

@ObjectType('Decision', { description: 'The recorded verdict of the law on a cross-border transfer.' })
export class DecisionType {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => ID, { description: 'The order or delivery that it was made for.' }) objectId: string;
  @Field(() => StageEnum, { description: 'Order or delivery.' }) stage: string;
  @Field(() => ID, { nullable: true, description: 'Of a delivery: the decision of its order.' }) priorDecisionId: string | null;
  @Field(() => OutcomeEnum, { description: 'What the law asks for.' }) outcome: string;
  @Field(() => Boolean, { description: 'Whether the transfer may go ahead here and now.' }) permitted: boolean;
  @Field(() => [String], { description: 'The mechanisms or exemptions that carry the transfer, or would.' }) mechanisms: readonly string[];
  @Field(() => [[String]], { description: 'What is not held yet: of each group one mechanism is needed.' }) needs: readonly (readonly string[])[];
  @Field(() => [String], { description: 'Facts that decide and are not known.' }) missing: readonly string[];
  @Field(() => [FilingType], { description: 'What has to be filed.' }) filings: readonly FilingType[];
  @Field(() => [String], { description: 'Duties of the parties, each with its source and how sure it is.' }) obligations: readonly string[];
  @Field(() => [DecisionReasonType], { description: 'Rule and articles that decided.' }) reasons: readonly DecisionReasonType[];
  @Field(() => [String], { description: 'Every rule that was looked at, in order; the last one decided.' }) considered: readonly string[];
  @Field(() => String, { nullable: true, description: "The facts as canonical JSON (RFC 8785), whose SHA-256 is factsHash. They hold the exporter's yearly volume: for staff, and for the exporter without what is known of the recipient, so that only staff can check the hash; null for others." }) facts: string | null;
  @Field(() => String, { description: 'SHA-256 of the facts.' }) factsHash: string;
  @Field(() => String, { description: 'SHA-256 of the law that was asked: of the list of the hashes of its documents.' }) rulebookHash: string;
  @Field(() => Date, { description: "The law of this moment's day was applied." }) asOf: Date;
  @Field(() => Date, { description: 'When it was decided.' }) decidedAt: Date;
}

/** What `viewer` may see of a decision that he may see at all. */
export const toDecisionType = ({ facts, exporterId, ...decision }: Decision, viewer: Actor): DecisionType => ({
  ...decision, reasons: decision.reasons.map((r) => ({ ...r, at: decision.decidedAt })), facts: permits(viewer, 'oversight:read') ? canonicalJson(facts) : viewer.tenantId === exporterId ? canonicalJson(withoutRecipient(facts)) : null,
});

/** Who owns the recipient and what was found against him is not the exporter's to see. */
const withoutRecipient = ({ recipient: _recipient, ...facts }: DecisionFacts): object => facts;
