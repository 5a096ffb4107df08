import { Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { Catalog, GateRecordType, ProductType, toGateRecordType, toProductType } from '#catalog';
import { Compliance, DecisionType, toDecisionType } from '#compliance';
import { AgreementType, LicenceType, toAgreementType } from '#contracts';
import { Authenticated, Identity, OrganisationType, type RequestHolder } from '#identity';
import { TradeLineageType } from './oversight.types.js';

/** The first half of a trade: who, what, under which law, agreed how. */
@Resolver(() => TradeLineageType)
@Authenticated()
export class LineageDealResolver {
  constructor(private readonly identity: Identity, private readonly catalog: Catalog, private readonly compliance: Compliance) {}

  @ResolveField(() => OrganisationType, { nullable: true, description: 'The vendor with its proofs.' })
  vendor(@Parent() { stem }: TradeLineageType): Promise<OrganisationType | null> {
    return this.identity.byId(stem.trade.vendorId);
  }
  @ResolveField(() => OrganisationType, { nullable: true, description: 'The buyer with its proofs.' })
  buyer(@Parent() { stem }: TradeLineageType): Promise<OrganisationType | null> {
    return this.identity.byId(stem.trade.buyerId);
  }
  @ResolveField(() => ProductType, { nullable: true, description: 'The product.' })
  async product(@Parent() { stem }: TradeLineageType): Promise<ProductType | null> {
    const product = (await this.catalog.byIds([stem.agreement.productId])).get(stem.agreement.productId);
    return product ? toProductType(product) : null;
  }
  @ResolveField(() => [GateRecordType], { complexity: ({ childComplexity }) => 10 * childComplexity, description: 'How the product came to be listed, oldest first.' })
  async listing(@Parent() { stem }: TradeLineageType): Promise<GateRecordType[]> {
    return (await this.catalog.gateRecords(stem.agreement.productId)).map(toGateRecordType);
  }
  @ResolveField(() => AgreementType, { description: 'The frozen agreement.' })
  agreement(@Parent() { stem }: TradeLineageType): AgreementType {
    return toAgreementType(stem.agreement);
  }
  @ResolveField(() => LicenceType, { description: 'The licence of the agreement.' })
  licence(@Parent() { stem }: TradeLineageType): LicenceType {
    return stem.licence;
  }
  @ResolveField(() => [DecisionType], { complexity: ({ childComplexity }) => 10 * childComplexity, description: 'The decision of the order and those of the deliveries.' })
  async decisions(@Parent() { stem }: TradeLineageType, @Context() context: RequestHolder): Promise<DecisionType[]> {
    const ids = [stem.agreement.decisionId, ...stem.receipts.map((r) => r.decisionId)];
    const found = await this.compliance.byIds([...new Set(ids)]);
    return [...new Set(ids)].flatMap((id) => found.get(id) ?? []).map((d) => toDecisionType(d, context.authentication!.actor!));
  }
}
