import { Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IsIn, IsUUID } from 'class-validator';
import { connectionType, enumOf, resultUnion } from '#shared';
import { USER_KINDS, type UserKind } from '../../domain/users/named-users.js';

const UserKindEnum = enumOf(USER_KINDS);
registerEnumType(UserKindEnum, { name: 'NamedUserKind', description: 'A member of the buyer, or one of its API keys.' });

@InputType()
export class NameUserInput {
  @IsUUID() @Field(() => ID, { description: 'A licence of your organisation whose terms count users by name.' }) licenceId: string;
  @IsIn(USER_KINDS) @Field(() => UserKindEnum, { description: 'What is named.' }) kind: UserKind;
  @IsUUID() @Field(() => ID, { description: 'The member or the key.' }) userId: string;
}
@InputType()
export class ReleaseUserInput {
  @IsUUID() @Field(() => ID, { description: 'A licence of your organisation.' }) licenceId: string;
  @IsUUID() @Field(() => ID, { description: 'The member or the key that is named.' }) userId: string;
}

@ObjectType({ description: 'A member or a key of a buyer that is, or was, named as a user of a licence.' })
export class NamedUser {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => ID, { description: 'The licence.' }) licenceId: string;
  @Field(() => UserKindEnum, { description: 'What is named.' }) kind: string;
  @Field(() => ID, { description: 'The member or the key.' }) userId: string;
  @Field(() => Date, { description: 'Since when.' }) namedAt: Date;
  @Field(() => Date, { description: 'From when on the seat can be freed.' }) releasableAt: Date;
  @Field(() => Date, { nullable: true, description: 'Until when; null: named now.' }) releasedAt?: Date | null;
}

export const NamedUserConnection = connectionType(NamedUser, 'NamedUser');
export const NameUserResult = resultUnion('NameUserResult', () => NamedUser);
export const ReleaseUserResult = resultUnion('ReleaseUserResult', () => NamedUser);
