/**
 * Whether two ways to write a name are the same name to a register: letters and digits in their order, whatever their case, width, spaces and
 * punctuation. Nothing is left out or translated: Ltd and Limited differ, and an officer decides.
 */
export const isSameName = (a: string, b: string): boolean => plain(a) === plain(b) && plain(a).length > 0;

const plain = (name: string): string => name.normalize('NFKC').toLowerCase().replace(/[^\p{L}\p{M}\p{N}]/gu, '');
