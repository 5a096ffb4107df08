import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { connectionType, enumOf, money, MoneyType, toMoneyType } from '#shared';
import { ANSWER_STATES, type Budget, DATA_REQUEST_STATES } from '../../domain/data-requests/data-request.js';
import type { DataRequestAnswer } from '../../storage/data-requests/answer.repository.js';
import type { BoardRequest, OwnRequest } from '../../storage/data-requests/data-request.repository.js';
import { ProductVendor } from '../catalog.types.js';

export const StateEnum = enumOf(DATA_REQUEST_STATES);
export const AnswerStateEnum = enumOf(ANSWER_STATES);
registerEnumType(StateEnum, {
  name: 'DataRequestState', description: 'How a request for data stands.',
  valuesMap: { OPEN: { description: 'Vendors find and answer it.' }, FULFILLED: { description: 'Closed after an answer was accepted.' }, CLOSED: { description: 'Closed without.' }, EXPIRED: { description: 'Its time is over.' }, REMOVED: { description: 'Taken down by staff.' } },
});
registerEnumType(AnswerStateEnum, { name: 'DataRequestAnswerState', description: 'What the asker says of an answer.', valuesMap: { SENT: { description: 'Nothing yet.' }, ACCEPTED: { description: 'He accepts it; its vendor knows who asked.' }, DECLINED: { description: 'He declines it.' } } });

@ObjectType('DataRequestAsker', { description: 'Who asks for data.' })
export class DataRequestAskerType {
  @Field(() => ID, { description: 'The organisation.' }) id: string;
  @Field(() => String, { description: 'Name in the register.' }) legalName: string;
  @Field(() => String, { description: 'ISO 3166-1 alpha-2.' }) jurisdiction: string;
}

@ObjectType('DataRequestBudget', { description: 'What would be paid; an end that is left out is open.' })
export class DataRequestBudgetType {
  @Field(() => MoneyType, { nullable: true, description: 'From.' }) min?: MoneyType | null;
  @Field(() => MoneyType, { nullable: true, description: 'To.' }) max?: MoneyType | null;
}

@ObjectType('DataRequest', { description: 'Data that an organisation looks for.' })
export class DataRequestType {
  @Field(() => ID, { description: 'UUID. It says nothing of who asks.' }) id: string;
  @Field(() => String, { description: 'What is looked for.' }) title: string;
  @Field(() => String, { description: 'The same at length.' }) description: string;
  @Field(() => [String], { description: 'Codes of the EU data-theme table.' }) themes: readonly string[];
  @Field(() => [String], { description: 'Where the data is about, ISO 3166-1 alpha-2; empty: anywhere.' }) countries: readonly string[];
  @Field(() => String, { nullable: true, description: 'How often it has to be renewed: a code of the EU frequency table.' }) frequency?: string | null;
  @Field(() => DataRequestBudgetType, { nullable: true, description: 'What would be paid.' }) budget?: DataRequestBudgetType | null;
  @Field(() => [String], { description: 'What for, as offers name it.' }) purposes: readonly string[];
  @Field(() => Boolean, { description: 'Whether vendors are told who asks only when he accepts an answer.' }) anonymous: boolean;
  @Field(() => DataRequestAskerType, { nullable: true, description: 'Who asks; null where that is withheld from you.' }) asker?: DataRequestAskerType | null;
  @Field(() => StateEnum, { description: 'How it stands.' }) state: string;
  @Field(() => Date, { description: 'It takes answers until then.' }) expiresAt: Date;
  @Field(() => Date, { description: 'When it was posted.' }) createdAt: Date;
  @Field(() => Date, { nullable: true, description: 'When it ended.' }) endedAt?: Date | null;
  @Field(() => String, { nullable: true, description: 'To its asker: why it was taken down.' }) endReason?: string | null;
  @Field(() => Int, { nullable: true, description: 'To its asker: how many answers it has.' }) answers?: number | null;
}

@ObjectType('DataRequestAnswer', { description: 'What a vendor answers to a request for data.' })
export class DataRequestAnswerType {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => ID, { description: 'The request.' }) dataRequestId: string;
  @Field(() => ProductVendor, { description: 'Who answers.' }) vendor: ProductVendor;
  @Field(() => String, { description: 'In words.' }) message: string;
  @Field(() => ID, { nullable: true, description: 'A product that he lists.' }) productId?: string | null;
  @Field(() => AnswerStateEnum, { description: 'What the asker says of it.' }) state: string;
  @Field(() => String, { nullable: true, description: 'Why, in his words.' }) reason?: string | null;
  @Field(() => DataRequestAskerType, { nullable: true, description: 'Who asked, once it is accepted.' }) asker?: DataRequestAskerType | null;
  @Field(() => Date, { description: 'When it was given.' }) answeredAt: Date;
  @Field(() => Date, { nullable: true, description: 'When it was accepted or declined.' }) decidedAt?: Date | null;
}
export const DataRequestConnection = connectionType(DataRequestType, 'DataRequest');
export const DataRequestAnswerConnection = connectionType(DataRequestAnswerType, 'DataRequestAnswer');

const amount = (minor: bigint | null, currency: string): MoneyType | null => (minor === null ? null : toMoneyType(money(minor, currency)));
const toBudget = ({ minMinor, maxMinor, currency }: Budget): DataRequestBudgetType => ({ min: amount(minMinor, currency), max: amount(maxMinor, currency) });
export const toDataRequestType = (request: BoardRequest | OwnRequest): DataRequestType => ({ ...request, budget: request.budget && toBudget(request.budget) });
export const toAnswerType = (answer: DataRequestAnswer): DataRequestAnswerType => ({ ...answer });
