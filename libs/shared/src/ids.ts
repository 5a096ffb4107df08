import { randomBytes } from 'node:crypto';
import { v7, validate } from 'uuid';

/** UUIDv7 (RFC 9562): unique everywhere and ordered by time, so indexes stay compact. */
export const newId = (): string => v7();

export const isId = (text: string): boolean => validate(text);

/** An unguessable secret of 256 bits, URL-safe. */
export const newSecret = (): string => randomBytes(32).toString('base64url');
