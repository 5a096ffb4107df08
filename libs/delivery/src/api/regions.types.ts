import { Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import { IsUUID, Length } from 'class-validator';
import { AssetType } from '#catalog';
import { resultUnion } from '#shared';

@ObjectType({ description: 'A place where the bytes of assets lie.' })
export class StorageRegion {
  @Field(() => ID, { description: 'Its name in the configuration of the exchange.' }) id: string;
  @Field(() => String, { nullable: true, description: 'Under whose law it stands, ISO 3166-1 alpha-2; null: the exchange does not say.' }) jurisdiction: string | null;
  @Field(() => Boolean, { description: "Whether the caller's organisation may keep its assets there." }) permitted: boolean;
  @Field(() => Boolean, { description: "Where the assets of the caller's organisation lie unless it chooses." }) usual: boolean;
}

@InputType()
export class ChooseHomeRegionInput {
  @IsUUID() @Field(() => ID, { description: 'An asset of the caller that is not uploaded yet.' }) assetId: string;
  @Length(1, 40) @Field(() => ID, { description: 'One of the regions that are permitted for the caller.' }) regionId: string;
}

export const ChooseHomeRegionResult = resultUnion('ChooseHomeRegionResult', () => AssetType);
