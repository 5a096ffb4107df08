import { bigintColumn } from '#shared';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { DictionaryColumn } from '../domain/content/dictionary.js';
import type { ContactPoint, Publisher } from '../domain/content/product-content.js';
import type { Translation } from '../domain/content/texts.js';
import type { ScenarioClaim } from '../domain/scenario/claim.js';
import type { GateStep, ProductState, SuspendedBy } from '../domain/listing-gate.js';
import type { RevisionState } from '../domain/revision.js';

@Entity({ schema: 'catalog', name: 'product' })
export class ProductRow {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid', { name: 'vendor_id' }) vendorId: string;
  @Column('text', { name: 'vendor_name' }) vendorName: string;
  @Column('text', { name: 'vendor_jurisdiction' }) vendorJurisdiction: string;
  @Column('text', { name: 'vendor_state' }) vendorState: string;
  @Column('text') title: string;
  @Column('text') description: string;
  @Column('text', { array: true }) themes: string[];
  @Column('text') language: string;
  @Column('text', { array: true }) languages: string[];
  @Column('jsonb') translations: Record<string, Translation>;
  @Column('text', { array: true }) keywords: string[];
  @Column('text', { array: true }) spatial: string[];
  @Column('date', { name: 'temporal_start', nullable: true }) temporalStart: string | null;
  @Column('date', { name: 'temporal_end', nullable: true }) temporalEnd: string | null;
  @Column('text', { nullable: true }) frequency: string | null;
  @Column('text', { name: 'data_languages', array: true }) dataLanguages: string[];
  @Column('jsonb', { nullable: true }) publisher: Publisher | null;
  @Column('jsonb', { nullable: true }) contact: ContactPoint | null;
  @Column('text', { name: 'conforms_to', array: true }) conformsTo: string[];
  @Column('uuid', { array: true }) related: string[];
  @Column('jsonb', { nullable: true }) scenario: ScenarioClaim | null;
  @Column('boolean', { name: 'exporter_is_ciio' }) exporterIsCIIO: boolean;
  @Column('boolean', { name: 'exporter_has_prc_entity' }) exporterHasPRCEntity: boolean;
  @Column('text', { name: 'exporter_zone', nullable: true }) exporterZone: string | null;
  @Column('boolean', { name: 'exporter_in_gba' }) exporterInGBA: boolean;
  @Column('text') state: ProductState;
  @Column('int') submission: number;
  @Column('text', { name: 'gate_version', nullable: true }) gateVersion: string | null;
  @Column('text', { name: 'demanded_steps', array: true }) demandedSteps: GateStep[];
  @Column('text', { name: 'completed_steps', array: true }) completedSteps: GateStep[];
  @Column('timestamptz', { name: 'opinion_valid_until', nullable: true }) opinionValidUntil: Date | null;
  @Column('timestamptz', { name: 'notice_ends_at', nullable: true }) noticeEndsAt: Date | null;
  @Column('bigint', { name: 'certificate_number', nullable: true, transformer: bigintColumn }) certificateNumber: bigint | null;
  @Column('timestamptz', { name: 'certificate_valid_until', nullable: true }) certificateValidUntil: Date | null;
  @Column('timestamptz', { name: 'listed_at', nullable: true }) listedAt: Date | null;
  @Column('text', { name: 'suspended_by', nullable: true }) suspendedBy: SuspendedBy | null;
  @Column('text', { name: 'suspension_reason', nullable: true }) suspensionReason: string | null;
  @Column('text') audience: 'PUBLIC' | 'NAMED';
  @Column('uuid', { name: 'audience_ids', array: true }) audienceIds: string[];
  @Column('text', { name: 'price_models', array: true }) priceModels: string[];
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
}

@Entity({ schema: 'catalog', name: 'dataset' })
export class DatasetRow {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid', { name: 'product_id' }) productId: string;
  @Column('uuid', { name: 'vendor_id' }) vendorId: string;
  @Column('text') title: string;
  @Column('text') description: string;
  @Column('jsonb', { nullable: true }) classification: object | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
}

@Entity({ schema: 'catalog', name: 'revision' })
export class RevisionRow {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid', { name: 'dataset_id' }) datasetId: string;
  @Column('uuid', { name: 'vendor_id' }) vendorId: string;
  @Column('int') number: number;
  @Column('text') state: RevisionState;
  @Column('text', { nullable: true }) digest: string | null;
  @Column('timestamptz', { name: 'finalised_at', nullable: true }) finalisedAt: Date | null;
  @Column('timestamptz', { name: 'tested_at', nullable: true }) testedAt: Date | null;
  @Column('boolean', { name: 'test_passed', nullable: true }) testPassed: boolean | null;
  @Column('text', { name: 'test_findings', array: true }) testFindings: string[];
  @Column('timestamptz', { name: 'released_at', nullable: true }) releasedAt: Date | null;
  @Column('timestamptz', { name: 'revoked_at', nullable: true }) revokedAt: Date | null;
  @Column('text', { name: 'revocation_reason', nullable: true }) revocationReason: string | null;
  /** What its dataset's dictionary is from its release on; null: what it was. */
  @Column('jsonb', { nullable: true }) dictionary: readonly DictionaryColumn[] | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
}

@Entity({ schema: 'catalog', name: 'asset' })
export class AssetRow {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid', { name: 'revision_id' }) revisionId: string;
  @Column('uuid', { name: 'vendor_id' }) vendorId: string;
  @Column('text', { name: 'file_name' }) fileName: string;
  @Column('text', { name: 'media_type' }) mediaType: string;
  @Column('bigint', { name: 'byte_length', transformer: bigintColumn }) byteLength: bigint;
  @Column('text') sha256: string;
  @Column('text') state: 'AWAITING_UPLOAD' | 'STORED';
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
}

@Entity({ schema: 'catalog', name: 'gate_record' })
export class GateRecordRow {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid', { name: 'product_id' }) productId: string;
  @Column('int') submission: number;
  @Column('text') step: GateStep;
  @Column('boolean') passed: boolean;
  @Column('text', { name: 'recorded_by' }) recordedBy: string;
  @Column('int') renewal: number;
  @Column('jsonb') details: object;
  @Column('timestamptz', { name: 'valid_until', nullable: true }) validUntil: Date | null;
  @Column('timestamptz', { name: 'recorded_at' }) recordedAt: Date;
}

export const catalogEntities = [ProductRow, DatasetRow, RevisionRow, AssetRow, GateRecordRow];
