import { SpendingResolver } from './api/spending/spending.resolver.js';
import { LicenceSpending } from './licence-spending.facade.js';
import { SpendingCapRepository } from './storage/spending-cap.repository.js';
import { SetSpendingCap } from './use-cases/spending/set-spending-cap.js';

/** What the module of this room provides for caps on what a licence costs. */
export const spendingProviders = [SpendingCapRepository, LicenceSpending, SetSpendingCap, SpendingResolver];
