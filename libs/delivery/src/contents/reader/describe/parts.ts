/** Hashes that one count holds: an estimate from so many is exact to some tenths of a percent. */
const HASHED = 262_144;

/** Into how many even parts, by their hash, about so many different values go of which one is counted; one where all of them are. */
export const partsOf = (rough: number): number => Math.max(1, 2 ** Math.floor(Math.log2(Math.max(rough, 1) / HASHED)));
