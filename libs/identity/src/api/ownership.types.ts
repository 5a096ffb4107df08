import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { enumOf, resultUnion } from '#shared';
import { CONTROL_KINDS, DIRECTNESS, HOLDER_KINDS, INTERESTS } from '../domain/ownership.js';

export const HolderKindEnum = enumOf(HOLDER_KINDS);
export const InterestEnum = enumOf(INTERESTS);
export const DirectnessEnum = enumOf(DIRECTNESS);
export const ControlKindEnum = enumOf(CONTROL_KINDS);
const OwnershipStateEnum = enumOf(['DECLARED', 'PROVEN']);
registerEnumType(HolderKindEnum, { name: 'HolderKind', description: 'A legal entity or a person.' });
registerEnumType(InterestEnum, { name: 'Interest', description: 'A share of the capital, or of the votes.' });
registerEnumType(DirectnessEnum, { name: 'Directness', description: 'INDIRECT: the holder at the end of a chain.' });
registerEnumType(ControlKindEnum, { name: 'ControlKind', description: 'By what somebody controls an organisation; CONTRACT covers variable interest entities.' });
registerEnumType(OwnershipStateEnum, { name: 'OwnershipState', description: 'PROVEN: staff has seen the registers behind the declaration.' });

@ObjectType({ description: 'What somebody holds of an organisation, or by what he controls it.' })
export class Holding {
  @Field(() => HolderKindEnum, { description: 'Entity or person.' }) holder: string;
  @Field(() => String, { description: 'Name of the holder.' }) name: string;
  @Field(() => String, { nullable: true, description: 'ISO 3166-1 of an entity\'s register.' }) jurisdiction?: string | null;
  @Field(() => String, { nullable: true, description: 'ISO 3166-1, of a person.' }) nationality?: string | null;
  @Field(() => String, { nullable: true, description: 'ISO 3166-1 of where a person lives.' }) residence?: string | null;
  @Field(() => String, { nullable: true, description: 'Of an entity, in its own register.' }) registryNumber?: string | null;
  @Field(() => Int, { description: 'Of 10,000.' }) shareBasisPoints: number;
  @Field(() => InterestEnum, { description: 'Capital or votes.' }) interest: string;
  @Field(() => DirectnessEnum, { description: 'Directly or through others.' }) directness: string;
  @Field(() => Int, { nullable: true, description: 'Place in this list of the direct holder through whom it is held.' }) through?: number | null;
  @Field(() => ControlKindEnum, { nullable: true, description: 'Set where the holder is a controller.' }) control?: string | null;
}

@ObjectType({ description: 'Who owns and controls an organisation, as it declared it from a day on.' })
export class Ownership {
  @Field(() => ID, { description: 'UUID of the declaration.' }) id: string;
  @Field(() => ID, { description: 'Whose owners these are.' }) organisationId: string;
  @Field(() => OwnershipStateEnum, { description: 'Declared, or proven too.' }) state: string;
  @Field(() => Date, { description: 'From when on.' }) validFrom: Date;
  @Field(() => Date, { nullable: true, description: 'Until when; null for the declaration in force.' }) validTo?: Date | null;
  @Field(() => Date, { description: 'When it was declared.' }) declaredAt: Date;
  @Field(() => String, { nullable: true, description: 'What the organisation bases it on.' }) evidence?: string | null;
  @Field(() => Date, { nullable: true, description: 'When staff saw the proof.' }) provenAt?: Date | null;
  @Field(() => [Holding], { description: 'Owners and controllers, at most a hundred.' }) holdings: readonly Holding[];
}

export const DeclareOwnershipResult = resultUnion('DeclareOwnershipResult', () => Ownership);
export const ProveOwnershipResult = resultUnion('ProveOwnershipResult', () => Ownership);
