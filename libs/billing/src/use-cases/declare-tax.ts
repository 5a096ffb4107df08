import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise, Identity, organisationOf } from '#identity';
import { Clock, Commands, invalid, newId, type Result } from '#shared';
import { BILLING_ERRORS } from '../billing.errors.js';
import { TAX_SCHEMES, type TaxScheme } from '../domain/tax-rules.js';
import { type StoredTaxDeclaration, TaxDeclarationRepository } from '../storage/tax-declaration.repository.js';

export interface DeclareTaxInput {
  readonly scheme: TaxScheme;
  readonly status: string;
  readonly evidence: string;
}

/** A seller states its tax position with its evidence. It counts for the trades that are opened from then on. */
@Injectable()
export class DeclareTax {
  constructor(
    private readonly commands: Commands, private readonly identity: Identity, private readonly declarations: TaxDeclarationRepository,
    private readonly audit: Audit, private readonly clock: Clock,
  ) {}

  async execute(actor: Actor, input: DeclareTaxInput): Promise<Result<StoredTaxDeclaration>> {
    const refusal = authorise(actor, 'billing:declare-tax');
    if (refusal) return refusal;
    const statuses: readonly string[] = TAX_SCHEMES[input.scheme];
    if (!statuses.includes(input.status)) return invalid(BILLING_ERRORS.STATUS_NOT_OF_SCHEME, 'status', `one of ${statuses.join(', ')}`);
    const organisationId = organisationOf(actor);
    return this.commands.run<Result<StoredTaxDeclaration>>(actor, 'billing.declare-tax', input, async (tx) => {
      const place = (await this.identity.byId(organisationId))?.jurisdiction;
      if (place !== input.scheme.slice(0, 2)) return invalid(BILLING_ERRORS.SCHEME_NOT_OF_PLACE, 'scheme', `a scheme of ${place}, where you are established`);
      const declaration: StoredTaxDeclaration = { id: newId(), organisationId, scheme: input.scheme, status: input.status, evidence: input.evidence, declaredAt: this.clock.now() };
      await this.declarations.insert(tx, declaration);
      await this.audit.append(tx, actor, { act: 'tax.declare', objectType: 'organisation', objectId: organisationId, details: { scheme: input.scheme, status: input.status }, reason: input.evidence });
      return declaration;
    });
  }
}
