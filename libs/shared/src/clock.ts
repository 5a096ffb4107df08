import { Injectable } from '@nestjs/common';

/** The only source of time. Domain and use cases are handed instants; tests hand them a frozen one. */
export abstract class Clock {
  abstract now(): Date;
}

@Injectable()
export class SystemClock extends Clock {
  now(): Date {
    return new Date();
  }
}
