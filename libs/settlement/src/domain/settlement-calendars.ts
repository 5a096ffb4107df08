/** `YYYY-MM-DD`. */
export type Day = string;

/** The days on which a currency settles, in the place of its settlement system. */
export interface SettlementCalendar {
  /** The system whose days they are. */
  readonly system: string;
  readonly timeZone: string;
  /** Local time from which the cycle of the day is run, `HH:MM`: early enough that the system takes its payouts the same day. */
  readonly cutOff: string;
  readonly source: string;
  /** How sure it is: read in the source itself, taken from elsewhere, or known by rule. */
  readonly mark: 'verified' | 'secondary' | 'rule';
  /** By year: what was not published for a year is not guessed. A year that is missing has its weekends alone. */
  readonly holidays: Readonly<Record<number, readonly string[]>>;
  /** Days of a weekend that are worked. */
  readonly workedWeekends: readonly Day[];
}

/** ISO 4217 to calendar, as known on 2026-11-24. `MM-DD` within each year, weekends left out. */
export const SETTLEMENT_CALENDARS: Readonly<Record<string, SettlementCalendar>> = {
  CNY: {
    system: 'HVPS (CNAPS), People\'s Bank of China', timeZone: 'Asia/Shanghai', cutOff: '15:00', source: 'General Office of the State Council, notice on the 2026 holidays of 2025-11-04', mark: 'verified',
    holidays: { 2026: ['01-01', '01-02', '02-16', '02-17', '02-18', '02-19', '02-20', '02-23', '04-06', '05-01', '05-04', '05-05', '06-19', '09-25', '10-01', '10-02', '10-05', '10-06', '10-07'] },
    workedWeekends: ['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10'],
  },
  HKD: {
    system: 'CHATS (RTGS), Hong Kong Interbank Clearing', timeZone: 'Asia/Hong_Kong', cutOff: '15:00', source: 'General Holidays Ordinance (Cap. 149); general holidays as gazetted', mark: 'secondary',
    holidays: {
      2026: ['01-01', '02-17', '02-18', '02-19', '04-03', '04-06', '04-07', '05-01', '05-25', '06-19', '07-01', '10-01', '10-19', '12-25'],
      2027: ['01-01', '02-08', '02-09', '03-26', '03-29', '04-05', '05-13', '06-09', '07-01', '09-16', '10-01', '10-08', '12-27'],
    },
    workedWeekends: [],
  },
  SGD: {
    system: 'MEPS+, Monetary Authority of Singapore', timeZone: 'Asia/Singapore', cutOff: '15:00', source: 'Holidays Act 1998; Ministry of Manpower, public holidays', mark: 'secondary',
    holidays: {
      2026: ['01-01', '02-17', '02-18', '04-03', '05-01', '05-27', '06-01', '08-10', '11-09', '12-25'],
      2027: ['01-01', '02-08', '03-10', '03-26', '05-17', '05-20', '08-09', '10-28'],
    },
    workedWeekends: [],
  },
  EUR: {
    system: 'T2 (TARGET), Eurosystem', timeZone: 'Europe/Berlin', cutOff: '14:00', source: 'TARGET closing days: 1 January, Good Friday, Easter Monday, 1 May, 25 and 26 December', mark: 'rule',
    holidays: { 2026: ['01-01', '04-03', '04-06', '05-01', '12-25'], 2027: ['01-01', '03-26', '03-29'] },
    workedWeekends: [],
  },
  USD: {
    system: 'Fedwire Funds Service, Federal Reserve Banks', timeZone: 'America/New_York', cutOff: '14:00', source: 'Holidays of the Federal Reserve Banks: those of 5 U.S.C. 6103; of those on a Saturday the day before is worked, of those on a Sunday the day after is free', mark: 'rule',
    holidays: {
      2026: ['01-01', '01-19', '02-16', '05-25', '06-19', '09-07', '10-12', '11-11', '11-26', '12-25'],
      2027: ['01-01', '01-18', '02-15', '05-31', '07-05', '09-06', '10-11', '11-11', '11-25'],
    },
    workedWeekends: [],
  },
};

/** Of every other currency: Monday to Friday in universal time, whatever is a holiday there. */
export const OTHER_CURRENCIES: SettlementCalendar = { system: 'none known', timeZone: 'UTC', cutOff: '12:00', source: 'Monday to Friday; the holidays of its system are not kept here', mark: 'rule', holidays: {}, workedWeekends: [] };
