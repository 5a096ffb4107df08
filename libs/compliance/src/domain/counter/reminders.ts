import type { CounterCase } from './counter-case.js';

/** In the order in which they come. */
export const REMINDERS = ['SOON', 'NEXT_DAY', 'OVERDUE'] as const;
export type ReminderLevel = (typeof REMINDERS)[number];

type Timed = Pick<CounterCase, 'dueOn' | 'soonOn' | 'nextOn' | 'reminded'>;

/** The reminder that is due on this day and was not sent yet; of several the last, since the earlier ones say nothing more. */
export function dueReminder({ dueOn, soonOn, nextOn, reminded }: Timed, today: string): ReminderLevel | undefined {
  const due = [soonOn !== null && today >= soonOn, nextOn !== null && today >= nextOn, dueOn !== null && today > dueOn];
  const last = due.lastIndexOf(true);
  return last >= reminded ? REMINDERS[last] : undefined;
}
