export { type MeterTotal, type UsageEvent, type UsageEventInput } from './domain/usage-event.js';
export { toUsageEventType, UsageEvent as UsageEventType } from './api/metering.types.js';
export { UsageConflictError } from './metering.errors.js';
export { type Disallowed, UsageCounted, UsageDisallowed, UsageRecorded } from './metering.events.js';
export { Metering } from './metering.facade.js';
export { MeteringModule } from './metering.module.js';
export type { UsagePosition } from './storage/usage.repository.js';
export type { RecordedUsage } from './use-cases/record-usage.js';
