import { isInForce } from '../law/in-force.js';
import type { RecognitionList } from '../law/lists.js';

export type RecognitionEntry = RecognitionList['entries'][number];

/** What a jurisdiction accepts on a day. */
export const inForceOn = (recognition: Pick<RecognitionList, 'entries'>, jurisdiction: string, day: string): RecognitionEntry[] =>
  recognition.entries.filter((e) => e.jurisdiction === jurisdiction && isInForce(e, day));

/** Whether the jurisdiction accepts a certificate that a recipient in `country` was granted in `grantedIn`, on that day. */
export const accepts = (recognition: Pick<RecognitionList, 'entries'>, ask: { readonly jurisdiction: string; readonly for: string; readonly day: string; readonly country: string }, held: { readonly scheme: string; readonly grantedIn: string }): boolean =>
  inForceOn(recognition, ask.jurisdiction, ask.day).some((e) => e.scheme === held.scheme && e.for === ask.for && e.grantedIn.includes(held.grantedIn)
    && held.grantedIn === (e.place === 'jurisdiction' ? ask.jurisdiction : ask.country));
