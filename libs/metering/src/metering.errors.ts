/** Every error code of this room. */
export const METERING_ERRORS = {
  CONFLICT: 'metering.conflict',
  EVENT_INVALID: 'metering.event_invalid',
  BATCH_TOO_LARGE: 'metering.batch_too_large',
  LICENCE_UNKNOWN: 'metering.licence_unknown',
  LICENCE_NOT_ACTIVE: 'metering.licence_not_active',
  OUTSIDE_LICENCE: 'metering.outside_licence',
  TOO_EARLY: 'metering.too_early',
  TOO_LATE: 'metering.too_late',
  MEDIA_TYPE: 'metering.media_type',
  BUSY: 'metering.busy',
  EXPORT_INVALID: 'metering.export_invalid',
} as const;

/** The event cannot be counted as it is: a defect of the room that tells of it. */
export class UsageEventError extends Error {
  constructor(readonly code: (typeof METERING_ERRORS)[keyof typeof METERING_ERRORS], message: string) {
    super(`${code}: ${message}`);
  }
}

/** The same (licence, source, event id) was recorded with other content. Nothing of the batch is recorded. */
export class UsageConflictError extends UsageEventError {
  constructor(readonly source: string, readonly eventId: string) {
    super(METERING_ERRORS.CONFLICT, `${eventId} of ${source} was recorded before with other content`);
  }
}
