import { Args, Field, ID, InputType, Int, Mutation, ObjectType, Query, registerEnumType, Resolver } from '@nestjs/graphql';
import { IsIn, IsUUID } from 'class-validator';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { enumOf, isId, isRefused, resultUnion } from '#shared';
import { TRANSMISSION_STATES } from '../domain/transmission.js';
import type { Transmission } from '../storage/transmission.repository.js';
import { SendDocument, type SentFormat } from '../use-cases/send-document.js';

const SENT_FORMATS = { PEPPOL_BIS_3: 'peppol-bis-3', PINT_SG: 'pint-sg' } as const;
type FormatName = keyof typeof SENT_FORMATS;
const TransmissionStateEnum = enumOf(TRANSMISSION_STATES);
const SentFormatEnum = enumOf(Object.keys(SENT_FORMATS) as FormatName[]);
registerEnumType(TransmissionStateEnum, { name: 'TransmissionState', description: 'QUEUED: on its way to the access point, which has it when SENT. DELIVERED: at the receiver. ACCEPTED and REJECTED are its own answers. FAILED: it did not arrive.' });
registerEnumType(SentFormatEnum, { name: 'SentDocumentFormat', description: 'What is sent over the network: Peppol BIS Billing 3, or PINT-SG (InvoiceNow).' });

@ObjectType({ description: 'An invoice on its way over the network.' })
export class InvoiceTransmission {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => ID, { description: 'The invoice.' }) invoiceId: string;
  @Field(() => SentFormatEnum, { description: 'In which format it goes.' }) format: FormatName;
  @Field(() => TransmissionStateEnum, { description: 'Where it stands.' }) state: string;
  @Field(() => String, { description: 'Participant that it goes to, scheme:value.' }) receiver: string;
  @Field(() => String, { description: 'SHA-256 of the bytes that go, lower-case hex.' }) sha256: string;
  @Field(() => Int, { description: 'How often it was handed to the access point.' }) attempts: number;
  @Field(() => String, { nullable: true, description: "The access point's reference." }) providerReference: string | null;
  @Field(() => String, { nullable: true, description: 'Why it failed, was rejected, or waits for another attempt.' }) problem: string | null;
  @Field(() => String, { description: 'First day on which neither side has to keep it any more, YYYY-MM-DD.' }) keptUntil: string;
  @Field(() => Date, { description: 'When it was to be sent.' }) createdAt: Date;
  @Field(() => Date, { description: 'When it last changed.' }) changedAt: Date;
}
const SendInvoiceDocumentResult = resultUnion('SendInvoiceDocumentResult', () => InvoiceTransmission);

@InputType()
export class SendInvoiceDocumentInput {
  @IsUUID() @Field(() => ID, { description: 'An invoice that your organisation issued.' }) invoiceId: string;
  @IsIn(Object.keys(SENT_FORMATS)) @Field(() => SentFormatEnum, { description: 'In which format.' }) format: FormatName;
}
const toType = ({ format, ...t }: Transmission): InvoiceTransmission => ({ ...t, format: format === 'pint-sg' ? 'PINT_SG' : 'PEPPOL_BIS_3' });

@Resolver()
@Authenticated()
export class TransmissionsResolver {
  constructor(private readonly sending: SendDocument) {}

  @Asks('billing:send')
  @Mutation(() => SendInvoiceDocumentResult, { description: 'Sends an issued invoice of the own organisation over the network, once: another time only where it failed or was rejected.' })
  async sendInvoiceDocument(@CurrentActor() actor: Actor, @Args('input') input: SendInvoiceDocumentInput): Promise<object> {
    const sent = await this.sending.execute(actor, { invoiceId: input.invoiceId, format: SENT_FORMATS[input.format] satisfies SentFormat });
    return isRefused(sent) ? sent : toType(sent);
  }

  @Asks('billing:read', 'settlement:read-ledger', 'oversight:read')
  @Query(() => [InvoiceTransmission], { nullable: true, description: 'How an invoice went over the network, newest first, for its two sides and staff; null for others.' })
  async invoiceTransmissions(@CurrentActor() actor: Actor, @Args('invoiceId', { type: () => ID }) invoiceId: string): Promise<readonly InvoiceTransmission[] | null> {
    return isId(invoiceId) ? ((await this.sending.transmissionsOf(actor, invoiceId))?.map(toType) ?? null) : null;
  }
}
