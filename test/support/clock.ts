import { Clock } from '#shared';

/** A clock that stands still until it is moved. */
export class TestClock extends Clock {
  constructor(private instant = new Date()) {
    super();
  }
  now(): Date {
    return this.instant;
  }
  advance(seconds: number): void {
    this.instant = new Date(this.instant.getTime() + seconds * 1000);
  }
}
