import { DataServiceResolver } from './api/services/data-service.resolver.js';
import { DataServices } from './data-services.facade.js';
import { DataServiceRepository } from './storage/services/data-service.repository.js';
import { DescribeDataService } from './use-cases/services/describe-data-service.js';

/** What the module of this room provides for products that are served by an API. */
export const dataServiceProviders = [DataServiceRepository, DescribeDataService, DataServices, DataServiceResolver];
