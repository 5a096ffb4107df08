import { SpendingResolver } from './api/spending/spending.resolver.js';
import { QuotasResolver } from './api/spending/quotas.resolver.js';
import { LicenceQuotas } from './licence-quotas.facade.js';
import { LicenceSpending } from './licence-spending.facade.js';
import { SpendingCapRepository } from './storage/spending-cap.repository.js';
import { UsageQuotaRepository } from './storage/usage-quota.repository.js';
import { SetUsageQuota } from './use-cases/spending/set-usage-quota.js';
import { SetSpendingCap } from './use-cases/spending/set-spending-cap.js';

/** What the module of this room provides for caps on what a licence costs and quotas of what is used. */
export const spendingProviders = [SpendingCapRepository, LicenceSpending, SetSpendingCap, SpendingResolver, UsageQuotaRepository, LicenceQuotas, SetUsageQuota, QuotasResolver];
