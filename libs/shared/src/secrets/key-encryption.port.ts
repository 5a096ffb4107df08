/**
 * What guards the data keys: a key management service, or a key file. A data key is wrapped by the newest key; keys that wrapped
 * before stay known until everything is wrapped anew.
 */
export abstract class KeyEncryption {
  /** Names the key that wraps now; stands beside what it wrapped. */
  abstract currentKeyId(): Promise<string>;
  abstract wrap(dataKey: Uint8Array): Promise<{ readonly keyId: string; readonly wrapped: string }>;
  /** Throws when the key is not known or the text was changed. */
  abstract unwrap(keyId: string, wrapped: string): Promise<Uint8Array>;
  /** Makes a new key that wraps from now on, and answers its name. */
  abstract rotate(): Promise<string>;
}
