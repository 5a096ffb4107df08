import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { ClassificationType } from '#compliance';
import { connectionType, resultUnion, enumOf } from '#shared';
import type { Texts } from '../domain/content/texts.js';
import { GATE_STEPS, PRODUCT_STATES } from '../domain/listing-gate.js';
import { REVISION_STATES } from '../domain/revision.js';
import { LEGAL_BASES, SOURCE_ORIGINS } from '../domain/source.js';
import type { AssetRecord } from '../storage/dataset.repository.js';
import { DictionaryColumnType } from './content/content.types.js';

export const ProductStateEnum = enumOf(PRODUCT_STATES);
export const GateStepEnum = enumOf(GATE_STEPS);
registerEnumType(ProductStateEnum, { name: 'ProductState', description: 'Where a product stands at the listing gate. Only LISTED ones are sold.' });
registerEnumType(GateStepEnum, { name: 'GateStep', description: 'A step of the listing gate.' });
export const RevisionStateEnum = enumOf(REVISION_STATES);
registerEnumType(RevisionStateEnum, {
  name: 'RevisionState', description: 'Where a revision stands.',
  valuesMap: { DRAFT: { description: 'It takes files.' }, FINALISED: { description: 'Closed for ever.' }, REVOKED: { description: 'Called back: it must not be used any more.' } },
});
export const SourceOriginEnum = enumOf(SOURCE_ORIGINS);
export const LegalBasisEnum = enumOf(LEGAL_BASES);
registerEnumType(SourceOriginEnum, {
  name: 'SourceOrigin', description: 'How a vendor came to his data.',
  valuesMap: {
    OWN_COLLECTION: { description: 'He collected it himself.' }, LICENSED: { description: 'Somebody else let him have it, with the right to pass it on.' },
    PUBLIC_SOURCE: { description: 'It is published.' }, DERIVED: { description: 'He made it from other data.' },
  },
});
registerEnumType(LegalBasisEnum, {
  name: 'LegalBasis', description: 'Grounds of PIPL Art. 13 for handling personal information, and that none is needed.',
  valuesMap: {
    CONSENT: { description: 'Consent of the individual.' }, CONTRACT: { description: 'A contract with the individual, or human resources management.' }, STATUTORY_DUTY: { description: 'A duty by law.' },
    EMERGENCY: { description: 'Public health, life, health or property in an emergency.' }, PUBLIC_INTEREST: { description: 'News and supervision by public opinion.' },
    PUBLICLY_DISCLOSED: { description: 'Disclosed by the individual, or lawfully otherwise.' }, OTHER_LAW: { description: 'Another ground by law.' }, NO_PERSONAL_INFORMATION: { description: 'There is no personal information.' },
  },
});

@ObjectType({ description: 'What a buyer sees of a vendor in the catalogue.' })
export class ProductVendor {
  @Field(() => ID, { description: 'The organisation.' }) id: string;
  @Field(() => String, { description: 'Name in the register.' }) legalName: string;
  @Field(() => String, { description: 'ISO 3166-1 alpha-2.' }) jurisdiction: string;
}

@ObjectType({ description: 'A file of a revision.' })
export class Asset {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => ID, { description: 'The dataset that it belongs to.' }) datasetId: string;
  @Field(() => ID, { description: 'The revision that holds it.' }) revisionId: string;
  @Field(() => Int, { description: 'Number of that revision, from 1.' }) revisionNumber: number;
  @Field(() => RevisionStateEnum, { description: 'State of that revision.' }) revisionState: string;
  @Field(() => Boolean, { description: 'Whether it is handed out.' }) released: boolean;
  @Field(() => String, { description: 'Plain file name.' }) fileName: string;
  @Field(() => String, { description: 'IANA media type.' }) mediaType: string;
  @Field(() => String, { description: 'Length in bytes, a decimal string.' }) byteLength: string;
  @Field(() => String, { description: 'SHA-256 of the whole file, lower-case hex.' }) sha256: string;
  @Field(() => String, { description: 'AWAITING_UPLOAD or STORED.' }) state: string;
}

@ObjectType({ description: 'What the platform found in the files of a revision.' })
export class RevisionTest {
  @Field(() => Boolean, { description: 'Whether it passed.' }) passed: boolean;
  @Field(() => [String], { description: 'What is wrong.' }) findings: readonly string[];
  @Field(() => Date, { description: 'When.' }) testedAt: Date;
}

@ObjectType({ description: 'A state of a dataset: closed once, handed out from its release on, and called back where it must not be used any more.' })
export class Revision {
  held?: readonly AssetRecord[];
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => ID, { description: 'The dataset that it belongs to.' }) datasetId: string;
  @Field(() => Int, { description: 'From 1, without gap.' }) number: number;
  @Field(() => RevisionStateEnum, { description: 'Where it stands.' }) state: string;
  @Field(() => String, { nullable: true, description: 'SHA-256 over name, type, length and sha-256 of its assets (RFC 8785 JSON).' }) digest?: string | null;
  @Field(() => Date, { nullable: true, description: 'When it was closed.' }) finalisedAt?: Date | null;
  @Field(() => Date, { nullable: true, description: 'From when on it is handed out.' }) releasedAt?: Date | null;
  @Field(() => Date, { nullable: true, description: 'When it was called back.' }) revokedAt?: Date | null;
  @Field(() => String, { nullable: true, description: 'Why it was called back.' }) revocationReason?: string | null;
  @Field(() => [DictionaryColumnType], { nullable: true, description: 'The data dictionary that came with it; null where it has the columns of the one before.' }) dictionary?: readonly DictionaryColumnType[] | null;
  @Field(() => RevisionTest, { nullable: true, description: "The platform's test; for its vendor and for staff." }) test?: RevisionTest | null;
}

@ObjectType({ description: 'Where data comes from and by what right; the statement of the classification says the rest.' })
export class DataSource {
  @Field(() => SourceOriginEnum, { description: 'How the vendor came to it.' }) origin: string;
  @Field(() => String, { nullable: true, description: 'Licensor, public body or the data that it was derived from.' }) from?: string | null;
  @Field(() => LegalBasisEnum, { description: 'By what right.' }) legalBasis: string;
}

@ObjectType({ description: 'What shows that nobody can be identified again, as the vendor reports it.' })
export class AnonymisationReport {
  @Field(() => String, { description: 'What was done.' }) method: string;
  @Field(() => Int, { nullable: true, description: 'The k of k-anonymity that it states.' }) k?: number | null;
  @Field(() => String, { description: 'How it was tried to identify people again, and how that ended.' }) reidentificationTest: string;
  @Field(() => String, { description: 'SHA-256 of the report, lower-case hex.' }) sha256: string;
  @Field(() => String, { description: 'Who assessed it.' }) assessor: string;
  @Field(() => String, { description: 'The day of the report, YYYY-MM-DD.' }) assessedOn: string;
}

@ObjectType({ description: 'Data of one kind within a product; it grows by revisions.' })
export class Dataset {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  texts: Texts;
  held: readonly Revision[];
  of: { readonly productId: string; readonly vendorId: string };
  @Field(() => [DictionaryColumnType], { complexity: ({ childComplexity }) => 20 * childComplexity, description: 'The data dictionary, as its vendor describes it.' }) dictionary: readonly DictionaryColumnType[];
  @Field(() => ClassificationType, { nullable: true, description: 'What the data is in the eyes of the law, as its vendor declared.' }) classification?: ClassificationType | null;
  @Field(() => DataSource, { nullable: true, description: 'Where it comes from, as its vendor declared.' }) source?: DataSource | null;
  @Field(() => AnonymisationReport, { nullable: true, description: 'The report on its anonymisation; null where it is not called anonymised, or was before reports were asked for.' }) anonymisationReport?: AnonymisationReport | null;
}

@ObjectType({ description: 'What was found at one step of the gate.' })
export class GateRecord {
  @Field(() => Int, { description: 'The submission that it belongs to, from 1.' }) submission: number;
  @Field(() => GateStepEnum, { description: 'The step.' }) step: string;
  @Field(() => Boolean, { description: 'Whether it was passed.' }) passed: boolean;
  @Field(() => String, { description: 'Who recorded it, as the audit log names him.' }) recordedBy: string;
  @Field(() => String, { description: 'Findings as JSON text.' }) details: string;
  @Field(() => Date, { nullable: true, description: 'Until when it is good.' }) validUntil?: Date | null;
  @Field(() => Date, { description: 'When it was recorded.' }) recordedAt: Date;
}

@ObjectType({ description: 'A data product.' })
export class Product {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  texts: Texts;
  @Field(() => [String], { description: 'Themes, as codes of the EU data-theme table.' }) themes: readonly string[];
  @Field(() => ProductStateEnum, { description: 'Where it stands at the gate.' }) state: string;
  @Field(() => Date, { nullable: true, description: 'When it was listed.' }) listedAt?: Date | null;
  @Field(() => ProductVendor, { description: 'Who sells it.' }) vendor: ProductVendor;
}

@ObjectType({ description: 'The papers of a product at the gate.' })
export class Listing {
  @Field(() => String, { nullable: true, description: 'Version of the gate rulebook it was handed in under.' }) gateVersion?: string | null;
  @Field(() => [GateStepEnum], { description: 'Steps that the rulebook demands.' }) demandedSteps: readonly string[];
  @Field(() => [GateStepEnum], { description: 'Steps that are passed.' }) completedSteps: readonly string[];
  @Field(() => Date, { nullable: true, description: 'End of the public notice.' }) noticeEndsAt?: Date | null;
  @Field(() => String, { nullable: true, description: 'Number of the listing certificate.' }) certificateNumber?: string | null;
  @Field(() => Date, { nullable: true, description: 'Until when the certificate is good.' }) certificateValidUntil?: Date | null;
  @Field(() => String, { nullable: true, description: 'Who suspended it: `COMPLIANCE` where the law forbids it, and then it is resumed once that permits it; `LAPSE` where its opinion or certificate lapsed, until they are renewed; `STAFF`.' }) suspendedBy?: string | null;
  @Field(() => String, { nullable: true, description: 'Why it is suspended.' }) suspensionReason?: string | null;
  @Field(() => [GateRecord], { description: 'Every finding, oldest first.' }) records: readonly GateRecord[];
}

export const ProductConnection = connectionType(Product, 'Product');

export const CreateProductResult = resultUnion('CreateProductResult', () => Product);
export const UpdateProductResult = resultUnion('UpdateProductResult', () => Product);
export const UpdateDatasetResult = resultUnion('UpdateDatasetResult', () => Dataset);
export const RemoveDatasetResult = resultUnion('RemoveDatasetResult', () => Dataset);
export const RemoveAssetResult = resultUnion('RemoveAssetResult', () => Asset);
export const AddDatasetResult = resultUnion('AddDatasetResult', () => Dataset);
export const CreateRevisionResult = resultUnion('CreateRevisionResult', () => Revision);
export const AddAssetResult = resultUnion('AddAssetResult', () => Asset);
export const RevokeRevisionResult = resultUnion('RevokeRevisionResult', () => Revision);
export const RevisionConnection = connectionType(Revision, 'Revision');
export const FinaliseRevisionResult = resultUnion('FinaliseRevisionResult', () => Revision);
export const ClassifyDatasetResult = resultUnion('ClassifyDatasetResult', () => Dataset);
export const SubmitProductResult = resultUnion('SubmitProductResult', () => Product);
export const RecordOpinionResult = resultUnion('RecordOpinionResult', () => Product);
export const ReviewProductResult = resultUnion('ReviewProductResult', () => Product);
export const CertifyProductResult = resultUnion('CertifyProductResult', () => Product);
export const ListProductResult = resultUnion('ListProductResult', () => Product);
export const WithdrawProductResult = resultUnion('WithdrawProductResult', () => Product);
export const SuspendProductResult = resultUnion('SuspendProductResult', () => Product);
export const ReinstateProductResult = resultUnion('ReinstateProductResult', () => Product);
