import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise } from '#identity';
import { Clock, Commands, invalid, newId, notFound, OutgoingHttp, type Result } from '#shared';
import { CATALOG_ERRORS } from '../../catalog.errors.js';
import { checkService, type DataService, endpointOf, type ServiceDescription } from '../../domain/services/data-service.js';
import { DataServiceRepository } from '../../storage/services/data-service.repository.js';
import { ProductRepository } from '../../storage/product.repository.js';
import { refused } from '../content/content-rules.js';
import { ownDraft } from '../own-draft.js';

/** Says by which API a product is served, while it is a draft: what was tested is what is listed. */
@Injectable()
export class DescribeDataService {
  constructor(
    private readonly commands: Commands, private readonly products: ProductRepository, private readonly services: DataServiceRepository, private readonly outgoing: OutgoingHttp, private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  async execute(actor: Actor, input: ServiceDescription): Promise<Result<DataService>> {
    const refusal = authorise(actor, 'catalog:manage');
    if (refusal) return refusal;
    const problems = checkService(input);
    if (problems.length) return refused(problems);
    const url = endpointOf(input.endpointUrl)!;
    if (this.outgoing.refuses(url)) return invalid(CATALOG_ERRORS.DATA_SERVICE, 'endpointUrl', 'an https address that is public');
    return this.commands.run<Result<DataService>>(actor, 'catalog.describe-data-service', input, async (tx) => {
      const product = await ownDraft(tx, this.products, actor, input.productId);
      if ('refused' in product) return product;
      const before = await this.services.inside(tx, product.id);
      const service: DataService = { ...input, endpointUrl: url.href, id: before?.id ?? newId(), vendorId: product.vendorId, describedAt: this.clock.now() };
      await this.services.put(tx, service);
      await this.audit.append(tx, actor, { act: 'data-service.describe', objectType: 'data-service', objectId: service.id, details: { productId: product.id, host: url.host, operations: service.operations.map((o) => `${o.method} ${o.path}`) } });
      return service;
    });
  }

  async remove(actor: Actor, input: { readonly productId: string }): Promise<Result<DataService>> {
    const refusal = authorise(actor, 'catalog:manage');
    if (refusal) return refusal;
    return this.commands.run<Result<DataService>>(actor, 'catalog.remove-data-service', input, async (tx) => {
      const product = await ownDraft(tx, this.products, actor, input.productId);
      if ('refused' in product) return product;
      const service = await this.services.inside(tx, product.id);
      if (!service) return notFound('data service');
      await this.services.remove(tx, product.id);
      await this.audit.append(tx, actor, { act: 'data-service.remove', objectType: 'data-service', objectId: service.id, details: { productId: product.id } });
      return service;
    });
  }
}
