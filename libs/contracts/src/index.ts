export { toAgreementType } from './api/contracts.mapping.js';
export { Agreement as AgreementType, Licence as LicenceType } from './api/contracts.types.js';
export { AgreementConcluded, LicenceEnded, LicenceResumed, LicenceSuspended, OrderAwaitsClearance, PendingOrderChanged } from './contracts.events.js';
export { Contracts, type LicenceForDelivery } from './contracts.facade.js';
export { ContractsModule } from './contracts.module.js';
export type { LicenceState, PendingOrderState } from './domain/licence-state.js';
export type { Agreement, Licence, Offer } from './storage/contracts.repository.js';
