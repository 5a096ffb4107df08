import { Injectable } from '@nestjs/common';
import { Clock } from '#shared';
import { dayAt } from '../../domain/days.js';
import { Calendars } from '../../domain/calendar/calendar.js';
import { type Due, due, type StatutoryClock, todayIn, workingDaysTaken } from '../../domain/calendar/clock.js';
import type { Day } from '../../domain/calendar/days.js';
import { CASE_RULES } from '../../domain/counter/case-kinds.js';
import type { CounterCase } from '../../domain/counter/counter-case.js';
import type { Todays } from '../../storage/case.repository.js';

/** Where the exchange is. */
const HOME = 'Asia/Shanghai';
/** Whose working days count for an applicant of this place. */
const CALENDAR_OF_PLACE: Readonly<Record<string, string>> = { CN: 'cn', HK: 'hk', SG: 'sg' };

type Times = Pick<CounterCase, 'clockFrom' | 'dueOn' | 'dueProblem' | 'soonOn' | 'nextOn' | 'reminded' | 'remindedAt'>;
export const NO_TIME: Times = { clockFrom: null, dueOn: null, dueProblem: null, soonOn: null, nextOn: null, reminded: 0, remindedAt: null };

/** The times that run in cases, by the calendars at hand. */
@Injectable()
export class CaseTimes {
  constructor(private readonly calendars: Calendars, private readonly clock: Clock) {}

  calendarFor({ kind }: Pick<CounterCase, 'kind'>, jurisdiction: string): string {
    return CASE_RULES[kind].calendar === 'APPLICANT' ? (CALENDAR_OF_PLACE[jurisdiction] ?? 'cn') : 'cn';
  }
  now(): Date {
    return this.clock.now();
  }
  today(calendar: string): Day {
    return todayIn(this.calendars, calendar, this.clock.now()) ?? this.homeDay();
  }
  homeDay(): Day {
    return dayAt(this.clock.now(), HOME);
  }
  todays(): Todays {
    return Object.fromEntries(this.calendars.all.map((c) => [c.id, dayAt(this.clock.now(), c.timeZone)]));
  }
  /** The clock that belongs to the state that a case is in; undefined where none does. */
  clockOf(kind: CounterCase['kind'], state: string): StatutoryClock | undefined {
    const clock = CASE_RULES[kind].clocks[state];
    return clock === 'GOES_ON' ? undefined : clock;
  }

  /** What runs in a case that has come to this state on this day. */
  entering(before: Times & Pick<CounterCase, 'kind' | 'calendar'>, state: string, day: Day): Times {
    const clock = CASE_RULES[before.kind].clocks[state];
    if (clock === undefined) return NO_TIME;
    if (clock === 'GOES_ON') return before;
    return { ...NO_TIME, clockFrom: day, ...this.due(clock, before.calendar, day) };
  }
  /** The times of a case whose calendar was missing, when that is there now. */
  found(events: readonly { readonly to: string }[], c: CounterCase): Due | undefined {
    // The time of a state that lets it go on is that of the last state that has its own.
    const clock = events.map((e) => this.clockOf(c.kind, e.to)).findLast((x) => x !== undefined);
    const result = clock && c.clockFrom ? this.due(clock, c.calendar, c.clockFrom) : undefined;
    return result?.dueOn ? result : undefined;
  }
  workingDays(c: CounterCase, to: Day): number | null {
    return workingDaysTaken(this.calendars, c.calendar, dayAt(c.openedAt, HOME), to);
  }

  private due(clock: StatutoryClock, calendar: string, from: Day): Due {
    return due(clock, this.calendars, calendar, from);
  }
}
