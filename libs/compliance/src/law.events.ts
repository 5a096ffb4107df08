import { eventType } from '#shared';
import type { LawAct } from './domain/law/change.js';

/** Another law is in force. `setSeq`: number of the set of documents, a decimal string; `hash`: what decisions carry from now on. */
export const LawChanged = eventType<{ setSeq: string; hash: string; documentHash: string; act: LawAct }>('compliance.law-changed.v1');
