import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '#shared';
import { IsNull } from 'typeorm';
import type { Holding } from '../domain/ownership.js';
import { OwnershipDeclarationRow, OwnershipHoldingRow } from './ownership.entities.js';

export type OwnershipDeclaration = Readonly<OwnershipDeclarationRow>;
/** A declaration with what it says. */
export interface Ownership extends OwnershipDeclaration {
  readonly holdings: readonly Holding[];
}

const DECLARATION_AT = {
  name: 'identity.ownership-at',
  text: `select id, organisation_id as "organisationId", valid_from as "validFrom", valid_to as "validTo", state, declared_by as "declaredBy", declared_at as "declaredAt", evidence,
           proven_by as "provenBy", proven_at as "provenAt", proof
         from identity.ownership_declaration where organisation_id = $1 and valid_from <= $2 and (valid_to is null or valid_to > $2)`,
};
const HOLDINGS = {
  name: 'identity.ownership-holdings',
  text: `select holder, name, jurisdiction, nationality, residence, registry_number as "registryNumber", share_basis_points as "shareBasisPoints", interest, directness, through, control
         from identity.ownership_holding where declaration_id = $1 order by position`,
};

@Injectable()
export class OwnershipRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Tx, { holdings, ...declaration }: Ownership): Promise<void> {
    await tx.insert(OwnershipDeclarationRow, declaration);
    await tx.insert(OwnershipHoldingRow, holdings.map((h, position) => ({ ...h, position, declarationId: declaration.id, organisationId: declaration.organisationId })));
  }

  lockCurrent(tx: Tx, organisationId: string): Promise<OwnershipDeclaration | null> {
    return tx.findOne(OwnershipDeclarationRow, { where: { organisationId, validTo: IsNull() }, lock: { mode: 'for_no_key_update' } });
  }

  lock(tx: Tx, id: string): Promise<OwnershipDeclaration | null> {
    return tx.findOne(OwnershipDeclarationRow, { where: { id }, lock: { mode: 'for_no_key_update' } });
  }

  async update(tx: Tx, id: string, change: Partial<Pick<OwnershipDeclarationRow, 'validTo' | 'state' | 'provenBy' | 'provenAt' | 'proof'>>): Promise<void> {
    await tx.update(OwnershipDeclarationRow, { id }, change);
  }

  /** What was declared to hold at this instant. */
  async at(organisationId: string, instant: Date): Promise<Ownership | null> {
    const [declaration] = (await this.database.query(DECLARATION_AT, [organisationId, instant])) as OwnershipDeclaration[];
    return declaration ? { ...declaration, holdings: await this.holdings(declaration.id) } : null;
  }

  async holdings(declarationId: string): Promise<Holding[]> {
    return (await this.database.query(HOLDINGS, [declarationId])) as Holding[];
  }
}
