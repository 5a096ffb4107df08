import { bigintColumn } from '#shared';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ElevationState, InvitationState, MandateState } from '../domain/membership-state.js';
import type { Role } from '../domain/permissions.js';
import type { OperativeRole } from '../domain/separation.js';
import type { SigningMode } from '../domain/signing.js';

@Entity({ schema: 'identity', name: 'invitation' })
export class InvitationRow {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid', { name: 'organisation_id' }) organisationId: string;
  @Column('text', { name: 'display_name' }) displayName: string;
  @Column('text', { array: true }) roles: Role[];
  @Column('text') issuer: string;
  @Column('text', { nullable: true }) subject: string | null;
  @Column('text', { name: 'token_hash' }) tokenHash: string;
  @Column('text') state: InvitationState;
  @Column('uuid', { name: 'invited_by' }) invitedBy: string;
  @Column('uuid', { name: 'member_id', nullable: true }) memberId: string | null;
  @Column('timestamptz', { name: 'expires_at' }) expiresAt: Date;
  @Column('timestamptz', { name: 'closed_at', nullable: true }) closedAt: Date | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
}

@Entity({ schema: 'identity', name: 'mandate' })
export class MandateRow {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid', { name: 'organisation_id' }) organisationId: string;
  @Column('uuid', { name: 'member_id' }) memberId: string;
  @Column('text') currency: string;
  @Column('bigint', { name: 'max_minor', nullable: true, transformer: bigintColumn }) maxMinor: bigint | null;
  @Column('text') mode: SigningMode;
  @Column('timestamptz', { name: 'valid_from' }) validFrom: Date;
  @Column('timestamptz', { name: 'valid_to', nullable: true }) validTo: Date | null;
  @Column('text') evidence: string;
  @Column('uuid', { name: 'credential_id', nullable: true }) credentialId: string | null;
  @Column('uuid', { name: 'granted_by' }) grantedBy: string;
  @Column('text') state: MandateState;
  @Column('timestamptz', { name: 'revoked_at', nullable: true }) revokedAt: Date | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
}

@Entity({ schema: 'identity', name: 'elevation' })
export class ElevationRow {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid', { name: 'organisation_id' }) organisationId: string;
  @Column('uuid', { name: 'member_id' }) memberId: string;
  @Column('text') role: OperativeRole;
  @Column('text') reason: string;
  @Column('timestamptz', { name: 'valid_until' }) validUntil: Date;
  @Column('text') state: ElevationState;
  @Column('uuid', { name: 'reviewed_by', nullable: true }) reviewedBy: string | null;
  @Column('timestamptz', { name: 'reviewed_at', nullable: true }) reviewedAt: Date | null;
  @Column('boolean', { nullable: true }) justified: boolean | null;
  @Column('text', { nullable: true }) finding: string | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
}

export const membershipEntities = [InvitationRow, MandateRow, ElevationRow];
