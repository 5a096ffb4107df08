import { types } from 'pg';

const TIMESTAMPTZ = 1184;
const TEXT_ARRAY = 1009;

/** `2026-11-22 23:08:00.123+00`, as a session in UTC sends it; the engine's own ISO parser is several times faster than the general one. */
const instant = (text: string): Date =>
  text.endsWith('+00') && text.charCodeAt(4) === 45 ? new Date(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`) : (types.getTypeParser(TIMESTAMPTZ)(text) as Date);

/** `{RESEARCH,ANALYTICS}`: codes without quotes need no parser. */
const texts = (text: string): string[] => {
  if (text === '{}') return [];
  return text.includes('"') || text.includes('NULL') ? (types.getTypeParser(TEXT_ARRAY as never)(text) as string[]) : text.slice(1, -1).split(',');
};

/** How the read pool turns text into values: hot types by hand, all others as `pg` does. */
export const rowTypes = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (format !== 'binary' && oid === TIMESTAMPTZ) return instant;
    if (format !== 'binary' && oid === TEXT_ARRAY) return texts;
    return types.getTypeParser(oid, format as 'text');
  },
};
