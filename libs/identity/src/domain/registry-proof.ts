import type { RegistryNumber, RegistryScheme } from './registry-number.js';

/** What a register answered about a number. */
export interface RegistryProof {
  readonly scheme: RegistryScheme;
  /** Name of the register: `SAMR e-licence`, `ACRA BizFile`, `VIES`. */
  readonly register: string;
  /** The extract's own reference. */
  readonly reference: string;
  readonly extractedAt: Date;
}

/** An older extract says what the register knew then. */
export const EXTRACT_MAX_DAYS = 90;

export interface ProofProblem {
  readonly kind: 'needed' | 'not-held' | 'twice' | 'date';
  readonly path: string;
  readonly message: string;
}

/** What is wrong with the proofs for the numbers that an organisation holds: each number whose check digits fail needs one, and each one given must be fresh. */
export function proofProblem(numbers: readonly RegistryNumber[], proofs: readonly RegistryProof[], now: Date): ProofProblem | undefined {
  for (const [i, { scheme, extractedAt }] of proofs.entries()) {
    const at = (field: string): string => `proofs.${i}.${field}`;
    if (!numbers.some((n) => n.scheme === scheme)) return { kind: 'not-held', path: at('scheme'), message: 'a number that the organisation gave' };
    if (proofs.findIndex((p) => p.scheme === scheme) !== i) return { kind: 'twice', path: at('scheme'), message: 'one proof a number' };
    const age = now.getTime() - extractedAt.getTime();
    if (age < 0 || age > EXTRACT_MAX_DAYS * 86_400_000) return { kind: 'date', path: at('extractedAt'), message: `not in the future and at most ${EXTRACT_MAX_DAYS} days old` };
  }
  const bare = numbers.find((n) => n.checksum === 'FAILED' && !proofs.some((p) => p.scheme === n.scheme));
  return bare && { kind: 'needed', path: 'proofs', message: `the check digits of ${bare.scheme} ${bare.value} fail: the proof of the register is needed` };
}
