import { CN_EXPORT } from './cn-export-2024-03-22.js';

/** Every rulebook on the shelf. A new version is a new file beside the old one, so that old decisions can be read again. */
export const RULEBOOKS = [CN_EXPORT];
