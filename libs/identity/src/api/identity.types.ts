import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { connectionType, enumOf } from '#shared';
import { ACTS, type Act, type Role, STAFF_ROLES, TRADER_ROLES } from '../domain/permissions.js';
import { Organisation } from './organisations.types.js';

export const RoleEnum = enumOf<Role>([...TRADER_ROLES, ...STAFF_ROLES]);
export const ActEnum = enumOf<Act>(ACTS);
registerEnumType(RoleEnum, { name: 'Role', description: 'What a member is in his organisation.' });
registerEnumType(ActEnum, { name: 'Act', description: 'An act of the table of permissions; the scopes of an API key are acts.' });

@ObjectType({ description: 'A person who acts for an organisation.' })
export class Member {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => String, { description: '`sub` at the issuer.' }) subject: string;
  @Field(() => String, { description: 'For people.' }) displayName: string;
  @Field(() => [RoleEnum], { description: 'What the member is in the organisation.' }) roles: readonly string[];
  @Field(() => String, { description: 'ACTIVE or LEFT.' }) state: string;
}

@ObjectType({ description: 'Who the caller is.' })
export class Me {
  @Field(() => String, { description: 'The caller as the audit log names him.' }) subject: string;
  @Field(() => Organisation, { nullable: true, description: 'The organisation that the caller acts for.' }) organisation?: Organisation | null;
  @Field(() => [RoleEnum], { description: 'Roles of the member; empty for a key.' }) roles: readonly string[];
  @Field(() => [ActEnum], { description: 'What the caller may do.' }) acts: readonly string[];
  @Field(() => Int, { description: 'How surely the caller is who he is, 1 to 4; every act needs a level.' }) assurance: number;
}

export const MemberConnection = connectionType(Member, 'Member');

