import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Act, Role } from '../domain/permissions.js';
import type { OrganisationKind, OrganisationState } from '../domain/actor.js';
import type { Checksum, RegistryScheme } from '../domain/registry-number.js';
import { OwnershipDeclarationRow, OwnershipHoldingRow, RegistryProofRow } from './ownership.entities.js';

@Entity({ schema: 'identity', name: 'organisation' })
export class OrganisationRow {
  @PrimaryColumn('uuid') id: string;
  @Column('text') kind: OrganisationKind;
  @Column('text', { name: 'legal_name' }) legalName: string;
  @Column('text') jurisdiction: string;
  @Column('text', { nullable: true }) subdivision: string | null;
  @Column('text') state: OrganisationState;
  @Column('int', { name: 'assurance_level' }) assuranceLevel: number;
  @Column('timestamptz', { name: 'verified_at', nullable: true }) verifiedAt: Date | null;
  @Column('timestamptz', { name: 'verification_due_at', nullable: true }) verificationDueAt: Date | null;
  @Column('timestamptz', { name: 'verification_announced_at', nullable: true }) verificationAnnouncedAt: Date | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
}

@Entity({ schema: 'identity', name: 'registry_number' })
export class RegistryNumberRow {
  @PrimaryColumn('uuid', { name: 'organisation_id' }) organisationId: string;
  @PrimaryColumn('text') scheme: RegistryScheme;
  @Column('text') value: string;
  @Column('text') checksum: Checksum;
  @Column('boolean') proven: boolean;
}

@Entity({ schema: 'identity', name: 'member' })
export class MemberRow {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid', { name: 'organisation_id' }) organisationId: string;
  @Column('text') issuer: string;
  @Column('text') subject: string;
  @Column('text', { name: 'display_name' }) displayName: string;
  @Column('text', { array: true }) roles: Role[];
  @Column('text') state: 'ACTIVE' | 'LEFT';
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
}

@Entity({ schema: 'identity', name: 'api_key' })
export class ApiKeyRow {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid', { name: 'organisation_id' }) organisationId: string;
  @Column('uuid', { name: 'created_by' }) createdBy: string;
  @Column('text') name: string;
  @Column('text', { name: 'secret_hash' }) secretHash: string;
  @Column('text', { array: true }) scopes: Act[];
  @Column('timestamptz', { name: 'expires_at' }) expiresAt: Date;
  @Column('timestamptz', { name: 'revoked_at', nullable: true }) revokedAt: Date | null;
  @Column('text', { name: 'allow_list', array: true }) allowList: string[];
  @Column('uuid', { name: 'successor_id', nullable: true }) successorId: string | null;
  @Column('timestamptz', { name: 'last_used_at', nullable: true }) lastUsedAt: Date | null;
  @Column('text', { name: 'last_used_address', nullable: true }) lastUsedAddress: string | null;
  @Column('timestamptz', { name: 'expiry_announced_at', nullable: true }) expiryAnnouncedAt: Date | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
}

export const identityEntities = [OrganisationRow, RegistryNumberRow, MemberRow, ApiKeyRow, RegistryProofRow, OwnershipDeclarationRow, OwnershipHoldingRow];
