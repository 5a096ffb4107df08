import { Injectable } from '@nestjs/common';
import { Identity } from '#identity';
import { type FieldProblem, invalid, type InvalidInput, type Tx } from '#shared';
import { CATALOG_ERRORS } from '../../catalog.errors.js';
import { checkContent, type ProductContent } from '../../domain/content/product-content.js';
import { ProductRepository } from '../../storage/product.repository.js';
import type { ScenarioClaim } from '../../domain/scenario/claim.js';
import { ScenarioPacks } from '../scenario/scenario-packs.js';
import { Vocabularies } from './vocabularies.js';

/** What the vendor declares of himself, in the eyes of the law on exports. */
export interface ExporterDeclaration {
  /** Whether the vendor operates critical information infrastructure (CSL Art. 33): his declaration. */
  readonly exporterIsCIIO: boolean;
  /** Whether he has an entity in mainland China that can file. */
  readonly exporterHasPRCEntity: boolean;
  /** The free-trade zone that he is registered in: `lingang`. */
  readonly exporterZone: string | null;
  /** Whether he is in one of the nine mainland cities of the Greater Bay Area. */
  readonly exporterInGBA: boolean;
}

/** What a product may say of itself and of its vendor. */
@Injectable()
export class ContentRules {
  constructor(private readonly vocabularies: Vocabularies, private readonly packs: ScenarioPacks, private readonly products: ProductRepository, private readonly identity: Identity) {}

  /** What is wrong with the content, or null. */
  refusal(content: ProductContent): InvalidInput | null {
    const fields = [...checkContent(content, this.vocabularies), ...(content.scenario ? this.packs.problems(content.scenario, false) : [])];
    return fields.length ? refused(fields) : null;
  }

  /** A claim keeps the version of its pack until another is asked for; a new one is held against the latest. */
  pinned(change: Partial<ProductContent>, before: ScenarioClaim | null): Partial<ProductContent> {
    const { scenario } = change;
    if (!scenario || scenario.version !== '') return change;
    const version = before?.pack === scenario.pack ? before.version : (this.packs.latest(scenario.pack) ?? '');
    return { ...change, scenario: { ...scenario, version } };
  }

  /** A related product is one that its vendor can see: his own, or one that is listed. Others look as if they were not there. */
  async unrelated(tx: Tx, vendorId: string, { related }: ProductContent, itself?: string): Promise<InvalidInput | null> {
    if (related.length === 0) return null;
    const seen = await this.products.visibleIds(tx, vendorId, related);
    const fields = related.flatMap((id, i) => (seen.has(id) && id !== itself ? [] : [{ path: `related.${i}`, message: 'another product that you can see' }]));
    return fields.length ? refused(fields) : null;
  }

  async exporterProblem(vendorId: string, { exporterZone, exporterInGBA }: Pick<ExporterDeclaration, 'exporterZone' | 'exporterInGBA'>): Promise<InvalidInput | null> {
    const { subdivision } = (await this.identity.byId(vendorId))!;
    if (exporterZone && subdivision !== 'CN-SH') return invalid(CATALOG_ERRORS.EXPORTER, 'exporterZone', 'a zone of the place where the organisation is registered');
    if (exporterInGBA && subdivision !== 'CN-GD') return invalid(CATALOG_ERRORS.EXPORTER, 'exporterInGBA', 'the nine cities lie in CN-GD, where the organisation is not registered');
    return null;
  }
}

export const refused = (fields: readonly FieldProblem[]): InvalidInput => ({ refused: true, kind: 'InvalidInput', code: CATALOG_ERRORS.CONTENT, message: `${fields[0]!.path}: ${fields[0]!.message}`, fields });
