/** What can be listed today: the platform test opens each of these. */
export const MEDIA_TYPES = ['text/csv', 'application/json', 'application/x-ndjson', 'application/vnd.apache.parquet', 'application/vnd.apache.arrow.file'] as const;
export type MediaType = (typeof MEDIA_TYPES)[number];

/** A plain name: no folders, no control characters, nothing that a file system or a header would read as more than a name. */
export const isPlainFileName = (name: string): boolean => name.length <= 200 && /^[^\p{Cc}\p{Cf}\\/:*?"<>|]+$/u.test(name) && !/^\.+$/.test(name) && name.trim() === name;
