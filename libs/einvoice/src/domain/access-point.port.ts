/** What is handed to an access point. `id` names it there: sent again under the same id it arrives once. */
export interface Envelope {
  readonly id: string;
  /** Participants, `0195:SGUEN197401143C`. */
  readonly sender: string;
  readonly receiver: string;
  /** Document type and process as the network names them. */
  readonly documentType: string;
  readonly process: string;
  readonly content: string;
}
export type SendOutcome =
  | { readonly sent: true; readonly reference: string }
  /** It may arrive at the next attempt. */
  | { readonly sent: false; readonly final: false; readonly problem: string }
  /** The access point will never take it: an unknown receiver, a document that it refuses. */
  | { readonly sent: false; readonly final: true; readonly problem: string };

/** What came in: a document or a response, by its id at the access point. */
export interface Incoming {
  readonly providerId: string;
  readonly content: string;
}

/** The way to the network. Both calls go outside of any transaction; nothing that the network can do throws. */
export abstract class AccessPointPort {
  abstract send(envelope: Envelope): Promise<SendOutcome>;
  /** What came in and was not taken yet, oldest first, at most so many. Null: it could not be asked. */
  abstract incoming(limit: number): Promise<Incoming[] | null>;
  /** It is kept here from now on, and need not come again. Taking it twice is nothing. */
  abstract taken(providerId: string): Promise<void>;
}
