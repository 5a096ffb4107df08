import { Injectable } from '@nestjs/common';
import type { Caller } from './caller.js';
import { Clock } from './clock.js';
import { canonicalHash, decodeJson, encodeJson } from './codec.js';
import type { Tx } from './database/database.js';
import { UnitOfWork } from './database/unit-of-work.js';
import { asSystem } from './request-scope.js';
import { idempotencyConflict, type IdempotencyConflict, isRefused } from './refusal.js';

/** Bumped when the canonical form of inputs changes, so that old keys are not compared with new digests. */
const DIGEST_VERSION = 1;

/**
 * Runs a write once. With an `Idempotency-Key` the key, the digest of the canonical input and the answer are stored in the
 * same transaction as the effect: the same key with the same input gets the same answer, with other input a refusal.
 * A refused act stores nothing, so that it can be tried again once its cause is gone.
 */
@Injectable()
export class Commands {
  constructor(private readonly uow: UnitOfWork, private readonly clock: Clock) {}

  run<T>(caller: Caller, operation: string, input: unknown, work: (tx: Tx) => Promise<T>): Promise<T | IdempotencyConflict> {
    const { idempotencyKey } = caller;
    if (idempotencyKey === undefined) return this.uow.run(work);
    const scope = [caller.tenantId ?? caller.subject, operation, idempotencyKey];
    const digest = canonicalHash(input ?? null);
    return this.uow.run<T | IdempotencyConflict>(async (tx) => {
      const first = (await tx.query(
        `insert into shared.idempotency_key (scope, operation, key, digest_version, digest, created_at) values ($1, $2, $3, $4, $5, $6)
         on conflict do nothing returning 1`,
        [...scope, DIGEST_VERSION, digest, this.clock.now()],
      )) as unknown[];
      if (first.length === 0) return this.storedAnswer<T>(tx, scope, digest);
      const result = await work(tx);
      if (!isRefused(result)) await tx.query('update shared.idempotency_key set answer = $4 where scope = $1 and operation = $2 and key = $3', [...scope, encodeJson(result ?? null)]);
      return result;
    });
  }

  /** As `run`, for an act that touches rows of both sides: see `UnitOfWork.runAcross`. */
  runAcross<T>(caller: Caller, operation: string, input: unknown, work: (tx: Tx) => Promise<T>): Promise<T | IdempotencyConflict> {
    return asSystem(() => this.run(caller, operation, input, work));
  }

  private async storedAnswer<T>(tx: Tx, scope: readonly string[], digest: string): Promise<T | IdempotencyConflict> {
    const [row] = (await tx.query(
      'select digest, digest_version, answer::text from shared.idempotency_key where scope = $1 and operation = $2 and key = $3', [...scope],
    )) as { digest: string; digest_version: number; answer: string }[];
    if (!row || row.digest !== digest || row.digest_version !== DIGEST_VERSION) return idempotencyConflict();
    return decodeJson<T>(row.answer);
  }
}
