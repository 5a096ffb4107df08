import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '#shared';
import { TaxDeclarationRow } from './billing.entities.js';

export type StoredTaxDeclaration = Readonly<TaxDeclarationRow>;

const NEWEST = {
  name: 'billing.tax-declarations',
  text: `select distinct on (scheme) id, organisation_id as "organisationId", scheme, status, evidence, declared_at as "declaredAt"
         from billing.tax_declaration where organisation_id = $1 order by scheme, declared_at desc, id desc`,
};

@Injectable()
export class TaxDeclarationRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Tx, declaration: StoredTaxDeclaration): Promise<void> {
    await tx.insert(TaxDeclarationRow, declaration);
  }
  /** The newest declaration of each scheme. */
  async newest(organisationId: string): Promise<StoredTaxDeclaration[]> {
    return (await this.database.query<StoredTaxDeclaration & Record<string, unknown>>(NEWEST, [organisationId])) as StoredTaxDeclaration[];
  }
}
