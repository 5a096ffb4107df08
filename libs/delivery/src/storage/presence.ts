/** Whatever works in a process says so often that it is there, by the database's clock, which all processes share; what has not been seen three times is the trace of a crash. */
export const SEEN_EVERY_MS = 10_000;
export const GONE = `seen_at < clock_timestamp() - interval '30 seconds'`;
