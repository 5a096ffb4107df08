export { Audit, type AuditLine, type TransitionRequest } from './audit.facade.js';
export { AuditModule } from './audit.module.js';
export type { LogFilter } from './storage/audit.repository.js';
export type { AuditEntry, AuditFinding } from './domain/seal.js';
export type { AuditVerification } from './use-cases/verify-log.js';
