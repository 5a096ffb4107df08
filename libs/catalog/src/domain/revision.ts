import { defineStateTable } from '#shared';

export const REVISION_STATES = ['DRAFT', 'FINALISED', 'REVOKED'] as const;
export type RevisionState = (typeof REVISION_STATES)[number];

/** A revision is closed once and for ever; after that it can only be called back. */
export const revisionStates = defineStateTable<RevisionState, 'finalise' | 'revoke'>('revision', ['DRAFT'], REVISION_STATES, [
  { from: 'DRAFT', event: 'finalise', to: 'FINALISED' },
  { from: 'FINALISED', event: 'revoke', to: 'REVOKED' },
]);

interface Standing {
  readonly state: RevisionState;
  readonly testPassed: boolean | null;
}

/** Of a dataset's revisions, oldest first, those that stand for it: not what was called back, and not what failed its test and has a later one in its place. */
export function standingRevisions<T extends Standing>(revisions: readonly T[]): T[] {
  const closed = revisions.filter((r) => r.state === 'FINALISED');
  return closed.filter((r, i) => r.testPassed !== false || i === closed.length - 1);
}

/** Whether its files may be handed out, as far as the catalogue is asked. */
export const isReleased = (revision: { readonly state: RevisionState; readonly releasedAt: Date | null }): boolean => revision.state === 'FINALISED' && revision.releasedAt !== null;
