/** Whatever works in a process says so often that it is there, by the database's clock, which all processes share; what has not been seen three times is the trace of a crash. */
const SEEN_EVERY_MS = 10_000;
export const GONE = `seen_at < clock_timestamp() - interval '30 seconds'`;

/** Says it that often, until what it answers is called. One that fails is made up for by the next. */
export function keepSeen(say: () => Promise<void>): () => void {
  const saying = setInterval(() => void say().catch(() => undefined), SEEN_EVERY_MS).unref();
  return () => clearInterval(saying);
}
