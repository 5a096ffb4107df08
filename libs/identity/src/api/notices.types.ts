import { Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import { connectionType, enumOf } from '#shared';
import { type Notice, NOTICE_KINDS, NOTICE_OBJECTS } from '../domain/notice.js';

export const NoticeObjectEnum = enumOf(NOTICE_OBJECTS);
export const NoticeKindEnum = enumOf(NOTICE_KINDS);
registerEnumType(NoticeObjectEnum, { name: 'NoticeObject', description: 'What a notice is about.' });
registerEnumType(NoticeKindEnum, { name: 'NoticeKind', description: 'What happened.' });

@ObjectType('Notice', { description: 'What the exchange told an organisation.' })
export class NoticeType {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => NoticeObjectEnum, { description: 'What it is about.' }) objectType: string;
  @Field(() => ID, { description: "The object's UUID." }) objectId: string;
  @Field(() => NoticeKindEnum, { description: 'What happened.' }) kind: string;
  @Field(() => String, { description: 'In words.' }) text: string;
  @Field(() => String, { description: 'For machines: a JSON object, `{}` where there is nothing to add.' }) details: string;
  @Field(() => ID, { nullable: true, description: 'The decision behind it.' }) decisionId?: string | null;
  @Field(() => Date, { description: 'When.' }) createdAt: Date;
  /** Compliance shows them as what they are. */
  reasons: readonly object[];
}

export const NoticeConnection = connectionType(NoticeType, 'Notice');
export const toNoticeType = ({ details, ...notice }: Notice): NoticeType => ({ ...notice, details: JSON.stringify(details) });
