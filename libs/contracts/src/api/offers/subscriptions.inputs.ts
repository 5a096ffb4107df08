import { Field, ID, InputType } from '@nestjs/graphql';
import { IsUUID } from 'class-validator';

@InputType()
export class CancelRenewalInput {
  @IsUUID() @Field(() => ID, { description: 'A licence of your organisation.' }) licenceId: string;
}
