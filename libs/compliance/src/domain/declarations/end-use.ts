import { isCountry } from '#shared';

export const MOST_END_USERS = 50;
export const MOST_ONWARD_COUNTRIES = 50;
export const MOST_STATEMENTS = 20;
export const STATEMENT = /^[a-z][a-z0-9_]{1,59}$/;
export const PURPOSE = /^[A-Z][A-Z_]{2,39}$/;

export interface EndUser {
  readonly name: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** Where it is a member of the exchange. */
  readonly organisationId: string | null;
}

/** What a buyer says of the use of what he orders. */
export interface EndUseFacts {
  readonly purpose: string;
  readonly destination: string;
  /** Nobody: the buyer alone uses it. */
  readonly endUsers: readonly EndUser[];
  readonly onward: { readonly planned: boolean; readonly countries: readonly string[] };
  /** Words of the statements that the buyer accepted. */
  readonly statements: readonly string[];
}

export interface EndUseProblem {
  readonly kind: 'FORM' | 'CONTRADICTION';
  readonly path: string;
  readonly message: string;
}

const same = (text: string): string => text.normalize('NFKC').trim().toLowerCase();

/** What is wrong with a declaration of a buyer in `home`, or undefined. */
export function endUseProblem(facts: EndUseFacts, home: string): EndUseProblem | undefined {
  return form(facts) ?? contradiction(facts, home);
}

function form({ purpose, destination, endUsers, onward, statements }: EndUseFacts): EndUseProblem | undefined {
  const wrong = (path: string, message: string): EndUseProblem => ({ kind: 'FORM', path, message });
  if (!PURPOSE.test(purpose)) return wrong('purpose', 'a word in upper case such as RESEARCH');
  if (!isCountry(destination)) return wrong('destination', 'an ISO 3166-1 alpha-2 code');
  if (endUsers.length > MOST_END_USERS) return wrong('endUsers', `at most ${MOST_END_USERS}`);
  for (const [i, user] of endUsers.entries()) {
    if (user.name.trim() === '') return wrong(`endUsers.${i}.name`, 'a name');
    if (!isCountry(user.country)) return wrong(`endUsers.${i}.country`, 'an ISO 3166-1 alpha-2 code');
    const twice = endUsers.slice(0, i).some((u) => (same(u.name) === same(user.name) && u.country === user.country) || (user.organisationId !== null && u.organisationId === user.organisationId));
    if (twice) return wrong(`endUsers.${i}`, 'named twice');
  }
  if (onward.countries.length > MOST_ONWARD_COUNTRIES) return wrong('onward.countries', `at most ${MOST_ONWARD_COUNTRIES}`);
  for (const [i, country] of onward.countries.entries()) {
    if (!isCountry(country)) return wrong(`onward.countries.${i}`, 'an ISO 3166-1 alpha-2 code');
    if (onward.countries.indexOf(country) !== i) return wrong(`onward.countries.${i}`, 'named twice');
  }
  if (statements.length > MOST_STATEMENTS || !statements.every((s) => STATEMENT.test(s)) || new Set(statements).size !== statements.length) return wrong('statements', `at most ${MOST_STATEMENTS} words in lower case, each once`);
  return undefined;
}

function contradiction({ destination, endUsers, onward }: EndUseFacts, home: string): EndUseProblem | undefined {
  const wrong = (path: string, message: string): EndUseProblem => ({ kind: 'CONTRADICTION', path, message });
  if (!onward.planned && onward.countries.length) return wrong('onward.countries', 'no onward transfer is planned, so there are no countries of it');
  if (onward.planned && onward.countries.length === 0) return wrong('onward.countries', 'an onward transfer is planned: name its countries');
  const again = onward.countries.indexOf(destination);
  if (again >= 0) return wrong(`onward.countries.${again}`, 'the destination itself is no onward transfer');
  const reached = new Set([destination, home, ...onward.countries]);
  const stray = endUsers.findIndex((u) => !reached.has(u.country));
  return stray < 0 ? undefined : wrong(`endUsers.${stray}.country`, 'an end user is in the destination, in the country of the buyer or in one of the onward transfer');
}

/** A declaration is good for twelve months: the same day of the next year, or the last of February. */
export function validUntilOf(declaredAt: Date): Date {
  const until = new Date(declaredAt);
  until.setUTCFullYear(until.getUTCFullYear() + 1);
  if (until.getUTCMonth() !== declaredAt.getUTCMonth()) until.setUTCDate(0);
  return until;
}
