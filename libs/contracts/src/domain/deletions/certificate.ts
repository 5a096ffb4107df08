import { canonicalHash } from '#shared';

/** Somebody who had the data from the licensee, and how it is known that he has deleted it too. */
export interface DeletedAtRecipient {
  readonly name: string;
  /** Where he is an organisation of the exchange. */
  readonly organisationId: string | null;
  readonly statement: string;
}

/** What a buyer states of a deletion. */
export interface DeletionStatement {
  readonly deletedAt: Date;
  /** How it was deleted, so that somebody else could judge it. */
  readonly method: string;
  /** Where copies were. */
  readonly copies: readonly string[];
  readonly recipients: readonly DeletedAtRecipient[];
  /** What is kept because a law demands it, and which; null: nothing. */
  readonly retained: string | null;
}

export interface CertifiedDeletion {
  readonly id: string;
  readonly agreementId: string;
  readonly agreementHash: string;
  readonly vendorId: string;
  readonly buyerId: string;
}

/** What is signed: strings, lists and objects only, so that it reads and hashes the same everywhere. Nothing of it is the exchange's to choose, so that whoever signs with a key of his own knows the hash beforehand. */
export function certificateDocument({ id, agreementId, agreementHash, vendorId, buyerId }: CertifiedDeletion, s: DeletionStatement): Readonly<Record<string, unknown>> {
  return {
    type: 'entrepot-deletion-certificate', version: '1', deletionId: id, agreementId, agreementHash, vendorId, buyerId, deletedAt: s.deletedAt.toISOString(), method: s.method, copies: s.copies,
    recipients: s.recipients.map(({ name, organisationId, statement }) => ({ name, organisationId, statement })), retained: s.retained,
  };
}

/** SHA-256 of the RFC 8785 form. */
export const certificateHash = (document: Readonly<Record<string, unknown>>): string => canonicalHash(document);
