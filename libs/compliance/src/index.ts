export { ClassificationInput, ClassificationType, fromClassificationInput, toClassificationType } from './api/classification.types.js';
export { DecisionType, toDecisionType } from './api/decision.types.js';
export { Compliance } from './compliance.facade.js';
export { ComplianceModule } from './compliance.module.js';
export { checkClassification, type Classification } from './domain/classification.js';
export type { Decision, DecisionReason, Filing, Verdict } from './domain/decision.js';
export type { Confidence, Outcome } from './domain/rulebook.js';
export type { DecisionFacts, TransferFacts, Volume } from './domain/transfer.js';
export type { DecisionRequest } from './use-cases/decide-transfer.js';
