import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { connectionType, enumOf, resultUnion } from '#shared';
import { CASE_KINDS, CASE_SIDES, DOCUMENT_KINDS } from '../domain/counter/case-kind.js';
import { CASE_EVENTS, CASE_RULES } from '../domain/counter/case-kinds.js';
import { ConfidenceEnum } from './decision.types.js';

export const CaseKindEnum = enumOf(CASE_KINDS);
export const CaseEventEnum = enumOf(CASE_EVENTS);
export const DocumentKindEnum = enumOf(DOCUMENT_KINDS);
const SideEnum = enumOf([...CASE_SIDES, 'EXCHANGE']);
const DocumentStateEnum = enumOf(['PENDING', 'ACCEPTED', 'REJECTED']);
const described = (names: readonly string[], of: (name: string) => string) => Object.fromEntries(names.map((n) => [n, { description: of(n) }]));
const words = (name: string): string => `${name.replaceAll('_', ' ').toLowerCase()}.`.replace(/^./, (c) => c.toUpperCase());

registerEnumType(CaseKindEnum, { name: 'CaseKind', description: 'What a case at the service counter is.', valuesMap: described(CASE_KINDS, (k) => `${CASE_RULES[k as keyof typeof CASE_RULES].title}.`) });
registerEnumType(CaseEventEnum, { name: 'CaseEvent', description: 'What is done to a case; which of it is possible, by whom and with what, the kind of the case says.', valuesMap: described(Object.keys(CaseEventEnum), words) });
registerEnumType(DocumentKindEnum, { name: 'CaseDocumentKind', description: 'What a document shows.', valuesMap: described(DOCUMENT_KINDS, words) });
registerEnumType(SideEnum, {
  name: 'CaseSide', description: 'On which side of a case somebody acts.',
  valuesMap: { APPLICANT: { description: 'Whose case it is.' }, ASSESSOR: { description: 'The accredited assessor that was ordered.' }, STAFF: { description: 'Staff of the exchange.' }, EXCHANGE: { description: 'The exchange itself, for an order or by schedule.' } },
});
registerEnumType(DocumentStateEnum, {
  name: 'CaseDocumentState', description: 'Whether staff has looked at a document.',
  valuesMap: { PENDING: { description: 'Not yet.' }, ACCEPTED: { description: 'It shows what it should.' }, REJECTED: { description: 'It does not.' } },
});

const COUNT = 'Decimal digits, because a bigint does not fit JSON';
@ObjectType('ApprovalScope', { description: 'What a transfer has to lie in. Null is no limit.' })
export class ApprovalScope {
  @Field(() => [String], { nullable: true, description: 'Purposes.' }) purposes: readonly string[] | null;
  @Field(() => [String], { nullable: true, description: 'ISO 3166-1 alpha-2 codes.' }) destinations: readonly string[] | null;
  @Field(() => [ID], { nullable: true, description: 'Products.' }) productIds: readonly string[] | null;
  @Field(() => String, { nullable: true, description: `Natural persons. ${COUNT}.` }) persons: string | null;
  @Field(() => String, { nullable: true, description: `Natural persons of whom sensitive personal information goes. ${COUNT}.` }) sensitivePersons: string | null;
  @Field(() => ID, { nullable: true, description: 'Who receives the data.' }) recipientId: string | null;
}

@ObjectType('CaseDocument', { description: 'A document of evidence. Its bytes are at `GET /v1/cases/:caseId/documents/:id`.' })
export class CaseDocument {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => ID, { description: 'The case.' }) caseId: string;
  @Field(() => DocumentKindEnum, { description: 'What it shows.' }) kind: string;
  @Field(() => String, { description: 'Its file name.' }) name: string;
  @Field(() => String, { description: 'By the end of its name.' }) mediaType: string;
  @Field(() => Int, { description: 'Its length in bytes.' }) byteLength: number;
  @Field(() => String, { description: 'Of its bytes, lower-case hex.' }) sha256: string;
  @Field(() => DocumentStateEnum, { description: 'Whether staff accepted it.' }) state: string;
  @Field(() => Date, { description: 'When it came.' }) uploadedAt: Date;
  @Field(() => Date, { nullable: true, description: 'When staff looked at it.' }) checkedAt: Date | null;
  @Field(() => String, { nullable: true, description: 'What staff said of it.' }) checkReason: string | null;
}

@ObjectType('CaseStep', { description: 'What happened to a case.' })
export class CaseStep {
  @Field(() => String, { description: '`open`, or the event.' }) event: string;
  @Field(() => String, { nullable: true, description: 'The state before it.' }) from: string | null;
  @Field(() => String, { description: 'The state after it.' }) to: string;
  @Field(() => SideEnum, { description: 'Who did it.' }) side: string;
  @Field(() => String, { nullable: true, description: 'The person or key; for staff and for the side itself, null for others.' }) actor: string | null;
  @Field(() => String, { nullable: true, description: 'Why.' }) reason: string | null;
  @Field(() => String, { nullable: true, description: 'The number that an authority or body gave.' }) reference: string | null;
  @Field(() => String, { nullable: true, description: 'The day on which it happened, `YYYY-MM-DD`; null: when it was recorded.' }) occurredOn: string | null;
  @Field(() => Date, { description: 'When it was recorded.' }) at: Date;
}

@ObjectType('CaseClock', { description: 'The time that runs in a case.' })
export class CaseClock {
  @Field(() => String, { description: 'The day after which it is counted, `YYYY-MM-DD`.' }) from: string;
  @Field(() => String, { nullable: true, description: 'Its last day, `YYYY-MM-DD`; null where `problem` says why.' }) dueOn: string | null;
  @Field(() => String, { nullable: true, description: 'CALENDAR_MISSING: a year that it runs into is not published or not loaded yet; it is found when that is there.' }) problem: string | null;
  @Field(() => Boolean, { description: 'Whether its last day is over.' }) overdue: boolean;
  @Field(() => Int, { description: 'So many days.' }) days: number;
  @Field(() => Boolean, { description: 'Working days of the calendar, or all days.' }) workingDays: boolean;
  @Field(() => String, { description: 'The calendar: cn, hk, sg.' }) calendar: string;
  @Field(() => String, { description: 'Where it comes from.' }) citation: string;
  @Field(() => ConfidenceEnum, { description: 'How sure that is.' }) confidence: string;
}

@ObjectType('Case', { description: 'A matter at the service counter.' })
export class Case {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => CaseKindEnum, { description: 'What it is.' }) kind: string;
  @Field(() => String, { description: 'Its state, in words of its kind.' }) state: string;
  @Field(() => ID, { description: 'Whose case it is.' }) applicantId: string;
  @Field(() => ID, { nullable: true, description: 'The other party of the transfer, which looks on.' }) counterpartyId: string | null;
  @Field(() => ID, { nullable: true, description: 'The accredited assessor that was ordered.' }) assessorId: string | null;
  @Field(() => String, { description: 'What it is about: `order`, `product`, `decision`, `organisation` and others.' }) subjectType: string;
  @Field(() => String, { description: 'The id of that.' }) subjectId: string;
  @Field(() => String, { description: 'The type of approval that it is after.' }) mechanism: string;
  @Field(() => ID, { nullable: true, description: 'The decision on a transfer that it comes from.' }) decisionId: string | null;
  @Field(() => ApprovalScope, { description: 'What is asked for.' }) scope: ApprovalScope;
  @Field(() => ID, { nullable: true, description: 'Who of the staff looks after it; for staff, null for others.' }) assigneeId: string | null;
  @Field(() => Date, { description: 'When it was opened.' }) openedAt: Date;
  @Field(() => Date, { nullable: true, description: 'When it came to an end.' }) closedAt: Date | null;
}

@ObjectType('CounterStatistics', { description: 'How the counter works off cases of one kind.' })
export class CounterStatisticsType {
  @Field(() => CaseKindEnum, { description: 'The kind.' }) kind: string;
  @Field(() => Int, { description: 'Open now.' }) open: number;
  @Field(() => Int, { description: 'Open, and their time is over.' }) overdue: number;
  @Field(() => Int, { description: 'Open, and nobody looks after them.' }) unassigned: number;
  @Field(() => Int, { description: 'Open, and the end of their time is not known because a calendar is missing.' }) calendarMissing: number;
  @Field(() => Int, { description: 'Closed in the period.' }) closed: number;
  @Field(() => Int, { nullable: true, description: 'Of those the median of the working days from the opening to the end.' }) medianWorkingDays: number | null;
  @Field(() => Int, { nullable: true, description: 'Of those the 90th percentile of the same.' }) ninetiethPercentileWorkingDays: number | null;
  @Field(() => Int, { description: 'Of those, the ones in which a time ran.' }) timed: number;
  @Field(() => Int, { description: 'Of those, the ones in which none ran out.' }) inTime: number;
  @Field(() => Int, { nullable: true, description: '`inTime` of `timed`, in whole percent rounded down; null where there is none.' }) percentInTime: number | null;
}

export const CaseConnection = connectionType(Case, 'Case');
export const OpenCaseResult = resultUnion('OpenCaseResult', () => Case);
export const MoveCaseResult = resultUnion('MoveCaseResult', () => Case);
export const AssignCaseResult = resultUnion('AssignCaseResult', () => Case);
export const CheckCaseDocumentResult = resultUnion('CheckCaseDocumentResult', () => CaseDocument);
