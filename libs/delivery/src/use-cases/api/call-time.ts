import type { CallOutcome } from '../../domain/api/api-call.js';

/** How long a call may take, and why it was stopped. */
export class CallTime {
  /** Null: nothing has stopped it. */
  stopped: CallOutcome | null = null;
  private readonly controller = new AbortController();
  private readonly first: NodeJS.Timeout;
  private readonly total: NodeJS.Timeout;

  constructor({ firstByteMs, totalMs }: { readonly firstByteMs: number; readonly totalMs: number }) {
    this.first = setTimeout(() => this.stop('TIMED_OUT'), firstByteMs);
    this.total = setTimeout(() => this.stop('TIMED_OUT'), totalMs);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }
  answered(): void {
    clearTimeout(this.first);
  }
  /** Of several reasons the first counts. */
  stop(why: CallOutcome): void {
    this.stopped ??= why;
    this.controller.abort();
  }
  /** Nothing of the call goes on after this. */
  over(): void {
    clearTimeout(this.first);
    clearTimeout(this.total);
    this.controller.abort();
  }
}
