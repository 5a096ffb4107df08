/** What a vendor tells his licensees by himself. */
export const ANNOUNCEMENT_KINDS = ['UPDATED', 'DELAYED', 'SCHEMA_CHANGE', 'DEPRECATION'] as const;
export type AnnouncementKind = (typeof ANNOUNCEMENT_KINDS)[number];

/** Of one product in a day: each reaches every licensee, and a channel that is always full is read by nobody. */
export const MOST_A_DAY = 20;
