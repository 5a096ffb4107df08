import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CertificateEvent, CertificateState } from '../domain/certificates/certificate.js';
import type { EndUseFacts } from '../domain/declarations/end-use.js';
import type { FindingKind, FindingObject, FindingState, Severity } from '../domain/findings/finding.js';
import type { RestrictedState } from '../domain/restricted/restricted-party.js';

@Entity({ schema: 'compliance', name: 'certificate' })
export class CertificateRow {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid', { name: 'holder_id', nullable: true }) holderId: string | null;
  @Column('text', { name: 'holder_name', nullable: true }) holderName: string | null;
  @Column('text', { name: 'holder_country', nullable: true }) holderCountry: string | null;
  @Column('text') scheme: string;
  @Column('text') number: string;
  @Column('text', { name: 'issuing_body' }) issuingBody: string;
  @Column('text', { name: 'granted_in' }) grantedIn: string;
  @Column('text') scope: string;
  @Column('text', { name: 'data_kinds', array: true }) dataKinds: string[];
  @Column('date', { name: 'valid_from' }) validFrom: string;
  @Column('date', { name: 'valid_until', nullable: true }) validUntil: string | null;
  @Column('text', { name: 'document_sha256', nullable: true }) documentSha256: string | null;
  @Column('text', { name: 'register_url' }) registerUrl: string;
  @Column('text') state: CertificateState;
  @Column('text', { name: 'submitted_by' }) submittedBy: string;
  @Column('timestamptz', { name: 'submitted_at' }) submittedAt: Date;
  @Column('text', { name: 'checked_by', nullable: true }) checkedBy: string | null;
  @Column('timestamptz', { name: 'checked_at', nullable: true }) checkedAt: Date | null;
  @Column('text', { name: 'confirmed_by', nullable: true }) confirmedBy: string | null;
  /** Who brought it into its state, and when. */
  @Column('text', { name: 'changed_by' }) changedBy: string;
  @Column('timestamptz', { name: 'changed_at' }) changedAt: Date;
}

@Entity({ schema: 'compliance', name: 'certificate_event' })
export class CertificateEventRow {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid', { name: 'certificate_id' }) certificateId: string;
  @Column('text') event: CertificateEvent | 'submit';
  @Column('text') state: CertificateState;
  @Column('text', { nullable: true }) reason: string | null;
  @Column('timestamptz') at: Date;
}

@Entity({ schema: 'compliance', name: 'restricted_party' })
export class RestrictedPartyRow {
  @PrimaryColumn('uuid') id: string;
  @Column('text') list: string;
  @Column('text') name: string;
  @Column('text', { array: true }) aliases: string[];
  @Column('text', { name: 'normal_names', array: true }) normalNames: string[];
  @Column('text', { nullable: true }) country: string | null;
  @Column('text', { nullable: true }) scheme: string | null;
  @Column('text', { nullable: true }) number: string | null;
  @Column('uuid', { name: 'organisation_id', nullable: true }) organisationId: string | null;
  @Column('date', { name: 'effective_from' }) effectiveFrom: string;
  @Column('date', { name: 'effective_to', nullable: true }) effectiveTo: string | null;
  @Column('text') source: string;
  @Column('text') state: RestrictedState;
  @Column('text', { name: 'proposed_by' }) proposedBy: string;
  @Column('timestamptz', { name: 'proposed_at' }) proposedAt: Date;
  @Column('text', { name: 'confirmed_by', nullable: true }) confirmedBy: string | null;
  @Column('timestamptz', { name: 'confirmed_at', nullable: true }) confirmedAt: Date | null;
  @Column('text', { name: 'removal_by', nullable: true }) removalBy: string | null;
  @Column('text', { name: 'removal_reason', nullable: true }) removalReason: string | null;
  @Column('text', { name: 'closed_by', nullable: true }) closedBy: string | null;
  @Column('timestamptz', { name: 'closed_at', nullable: true }) closedAt: Date | null;
}

@Entity({ schema: 'compliance', name: 'end_use_declaration' })
export class EndUseRow {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid', { name: 'organisation_id' }) organisationId: string;
  @Column('uuid', { name: 'object_id' }) objectId: string;
  @Column('jsonb') facts: EndUseFacts;
  @Column('text', { name: 'facts_hash' }) factsHash: string;
  @Column('text', { name: 'normal_users', array: true }) normalUsers: string[];
  @Column('text', { name: 'declared_by' }) declaredBy: string;
  @Column('timestamptz', { name: 'declared_at' }) declaredAt: Date;
  @Column('timestamptz', { name: 'valid_until' }) validUntil: Date;
  @Column('uuid', { name: 'superseded_by', nullable: true }) supersededBy: string | null;
  @Column('timestamptz', { name: 'ended_at', nullable: true }) endedAt: Date | null;
}

@Entity({ schema: 'compliance', name: 'finding' })
export class FindingRow {
  @PrimaryColumn('uuid') id: string;
  @Column('text') kind: FindingKind;
  @Column('text') severity: Severity;
  @Column('uuid', { name: 'organisation_id' }) organisationId: string;
  @Column('text', { name: 'object_type', nullable: true }) objectType: FindingObject | null;
  @Column('uuid', { name: 'object_id', nullable: true }) objectId: string | null;
  @Column('text', { nullable: true }) cause: string | null;
  @Column('text') details: string;
  @Column('text', { name: 'internal_note', nullable: true }) internalNote: string | null;
  @Column('text', { name: 'raised_by' }) raisedBy: string;
  @Column('timestamptz', { name: 'raised_at' }) raisedAt: Date;
  @Column('text') state: FindingState;
  @Column('text', { name: 'decided_by', nullable: true }) decidedBy: string | null;
  @Column('timestamptz', { name: 'decided_at', nullable: true }) decidedAt: Date | null;
  @Column('text', { name: 'cleared_by', nullable: true }) clearedBy: string | null;
  @Column('timestamptz', { name: 'cleared_at', nullable: true }) clearedAt: Date | null;
  @Column('text', { nullable: true }) reason: string | null;
}

export const registerEntities = [CertificateRow, CertificateEventRow, RestrictedPartyRow, EndUseRow, FindingRow];
