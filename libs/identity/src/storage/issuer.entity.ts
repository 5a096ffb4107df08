import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AcrLevel, IssuerProfile, OrganisationClaim, TokenAlgorithm } from '../domain/issuer.js';
import type { IssuerState } from '../domain/issuer-state.js';

@Entity({ schema: 'identity', name: 'recognised_issuer' })
export class RecognisedIssuerRow {
  @PrimaryColumn('uuid') id: string;
  @Column('text') issuer: string;
  @Column('text', { name: 'display_name' }) displayName: string;
  @Column('text') jurisdiction: string;
  @Column('text', { name: 'trust_framework' }) trustFramework: string;
  @Column('text') profile: IssuerProfile;
  @Column('text', { array: true }) audiences: string[];
  @Column('text', { array: true }) algorithms: TokenAlgorithm[];
  @Column('text', { name: 'authorised_parties', array: true }) authorisedParties: string[];
  @Column('boolean', { name: 'sender_constrained' }) senderConstrained: boolean;
  @Column('text', { name: 'client_id', nullable: true }) clientId: string | null;
  @Column('text', { array: true }) scopes: string[];
  @Column('boolean', { name: 'encrypted_id_token' }) encryptedIdToken: boolean;
  @Column('jsonb', { name: 'acr_levels' }) acrLevels: AcrLevel[];
  @Column('int', { name: 'default_level' }) defaultLevel: number;
  @Column('jsonb', { name: 'organisation_claims' }) organisationClaims: OrganisationClaim[];
  @Column('text', { name: 'name_claim' }) nameClaim: string;
  @Column('text', { name: 'person_claim' }) personClaim: string;
  @Column('timestamptz', { name: 'valid_from' }) validFrom: Date;
  @Column('timestamptz', { name: 'valid_to', nullable: true }) validTo: Date | null;
  @Column('text') state: IssuerState;
  @Column('uuid', { name: 'proposed_by' }) proposedBy: string;
  @Column('timestamptz', { name: 'proposed_at' }) proposedAt: Date;
  @Column('uuid', { name: 'approved_by', nullable: true }) approvedBy: string | null;
  @Column('timestamptz', { name: 'approved_at', nullable: true }) approvedAt: Date | null;
  @Column('uuid', { name: 'withdrawn_by', nullable: true }) withdrawnBy: string | null;
  @Column('timestamptz', { name: 'withdrawn_at', nullable: true }) withdrawnAt: Date | null;
}
