import { Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import { connectionType, enumOf, resultUnion } from '#shared';
import { DELETION_STATES, DELETION_STEPS } from '../../domain/deletions/deletion.js';
import { SideEnum } from '../terminations.types.js';

export const DeletionStateEnum = enumOf(DELETION_STATES);
const DeletionStepEnum = Object.fromEntries(DELETION_STEPS.map((s) => [s.toUpperCase(), s]));
registerEnumType(DeletionStateEnum, { name: 'DeletionState', description: 'REQUESTED until the due date, OVERDUE after it: then the buyer places no new order with the vendor. CERTIFIED by the buyer, CONTESTED by the vendor. CLOSED: the certificate is good, the vendor asks no more, or staff closed it.' });
registerEnumType(DeletionStepEnum, { name: 'DeletionStep', description: 'What happened to a deletion: REMIND changes nothing, SETTLE is a certificate that nobody contested, RELEASE the vendor who asks no more; CLOSE and REOPEN are staff.' });

@ObjectType({ description: 'What a buyer states of a deletion and signs. Never changed.' })
export class DeletionCertificate {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => String, { description: 'SHA-256 of the document in RFC 8785 form, lower-case hex.' }) hash: string;
  @Field(() => String, { description: 'The document, JSON text: when and how it was deleted, the copies, the recipients, what is kept.' }) document: string;
  @Field(() => ID, { nullable: true, description: 'The member who signed by authority; null: a registered key did.' }) memberId?: string | null;
  @Field(() => String, { nullable: true, description: 'Who that was by name.' }) displayName?: string | null;
  @Field(() => ID, { nullable: true, description: 'The mandate; null where roles sign.' }) mandateId?: string | null;
  @Field(() => ID, { nullable: true, description: 'The API key through which, or with whose registered key, it was signed.' }) keyId?: string | null;
  @Field(() => String, { nullable: true, description: 'The signature of the registered key.' }) jws?: string | null;
  @Field(() => String, { description: 'The exchange’s signature over hash, time and signatory; verifies with /.well-known/jwks.json.' }) countersignature: string;
  @Field(() => Date, { description: 'When it was filed.' }) filedAt: Date;
}

@ObjectType({ description: 'One line of the history of a deletion. Never changed.' })
export class DeletionHistory {
  @Field(() => DeletionStepEnum, { description: 'What happened.' }) event: string;
  @Field(() => DeletionStateEnum, { description: 'How it stood after that.' }) state: string;
  @Field(() => SideEnum, { description: 'Whose act it was.' }) side: string;
  @Field(() => String, { nullable: true, description: 'In whose words it was done.' }) text?: string | null;
  @Field(() => ID, { nullable: true, description: 'The certificate that was filed.' }) certificateId?: string | null;
  @Field(() => Date, { description: 'When.' }) at: Date;
}

@ObjectType({ description: 'What a licensee has to delete after his licence, and how far that is.' })
export class Deletion {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => ID, { description: 'The licence that ended.' }) licenceId: string;
  @Field(() => ID, { description: 'Its agreement.' }) agreementId: string;
  @Field(() => ID, { description: 'The product.' }) productId: string;
  @Field(() => ID, { description: 'For whom it is deleted.' }) vendorId: string;
  @Field(() => ID, { description: 'Who deletes it.' }) buyerId: string;
  @Field(() => String, { description: 'The clause of the terms that demands it.' }) clause: string;
  @Field(() => DeletionStateEnum, { description: 'How it stands.' }) state: string;
  @Field(() => Date, { description: 'When it was asked for.' }) requestedAt: Date;
  @Field(() => Date, { description: 'By when it is to be deleted and certified.' }) dueAt: Date;
  @Field(() => Date, { nullable: true, description: 'When it was over.' }) closedAt?: Date | null;
}

export const DeletionConnection = connectionType(Deletion, 'Deletion');
export const CertifyDeletionResult = resultUnion('CertifyDeletionResult', () => Deletion);
export const ContestDeletionResult = resultUnion('ContestDeletionResult', () => Deletion);
export const ReleaseDeletionResult = resultUnion('ReleaseDeletionResult', () => Deletion);
export const JudgeDeletionResult = resultUnion('JudgeDeletionResult', () => Deletion);
