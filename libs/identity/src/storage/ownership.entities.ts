import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ControlKind, Directness, HolderKind, Interest, OwnershipState } from '../domain/ownership.js';
import type { RegistryScheme } from '../domain/registry-number.js';

@Entity({ schema: 'identity', name: 'registry_proof' })
export class RegistryProofRow {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid', { name: 'organisation_id' }) organisationId: string;
  @Column('text') scheme: RegistryScheme;
  @Column('text') value: string;
  @Column('text') register: string;
  @Column('text') reference: string;
  @Column('timestamptz', { name: 'extracted_at' }) extractedAt: Date;
  @Column('text', { name: 'recorded_by' }) recordedBy: string;
  @Column('timestamptz', { name: 'recorded_at' }) recordedAt: Date;
}

@Entity({ schema: 'identity', name: 'ownership_declaration' })
export class OwnershipDeclarationRow {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid', { name: 'organisation_id' }) organisationId: string;
  @Column('timestamptz', { name: 'valid_from' }) validFrom: Date;
  @Column('timestamptz', { name: 'valid_to', nullable: true }) validTo: Date | null;
  @Column('text') state: OwnershipState;
  @Column('text', { name: 'declared_by' }) declaredBy: string;
  @Column('timestamptz', { name: 'declared_at' }) declaredAt: Date;
  @Column('text', { nullable: true }) evidence: string | null;
  @Column('text', { name: 'proven_by', nullable: true }) provenBy: string | null;
  @Column('timestamptz', { name: 'proven_at', nullable: true }) provenAt: Date | null;
  @Column('text', { nullable: true }) proof: string | null;
}

@Entity({ schema: 'identity', name: 'ownership_holding' })
export class OwnershipHoldingRow {
  @PrimaryColumn('uuid', { name: 'declaration_id' }) declarationId: string;
  @PrimaryColumn('int') position: number;
  @Column('uuid', { name: 'organisation_id' }) organisationId: string;
  @Column('text') holder: HolderKind;
  @Column('text') name: string;
  @Column('text', { nullable: true }) jurisdiction: string | null;
  @Column('text', { nullable: true }) nationality: string | null;
  @Column('text', { nullable: true }) residence: string | null;
  @Column('text', { name: 'registry_number', nullable: true }) registryNumber: string | null;
  @Column('int', { name: 'share_basis_points' }) shareBasisPoints: number;
  @Column('text') interest: Interest;
  @Column('text') directness: Directness;
  @Column('int', { nullable: true }) through: number | null;
  @Column('text', { nullable: true }) control: ControlKind | null;
}
