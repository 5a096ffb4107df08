import { Injectable } from '@nestjs/common';
import type { ApiOperation } from '#catalog';
import { Contracts, type Meter } from '#contracts';
import type { Actor } from '#identity';
import { Metering } from '#metering';
import { asExchange, Clock, Grouped, newId, type Refusal, type Result, stateConflict, type Tx, UnitOfWork } from '#shared';
import { DELIVERY_ERRORS } from '../../delivery.errors.js';
import type { ApiCall } from '../../domain/api/api-call.js';
import { trialQuotas } from '../../domain/standing.js';
import type { OpenCall, OpenCalls } from '../../storage/api/open-call.repository.js';
import type { Limit } from '../spending/quota-limit.js';
import { SpendingLimit } from '../spending/spending-limit.js';
import { ANSWER_TYPE, type CallGround } from './api-standing.js';
import { CallTables } from './call-tables.js';

export interface CallRequest {
  readonly actor: Actor;
  readonly ground: CallGround;
  readonly operation: ApiOperation;
}
/** Calls of one transaction. */
const AT_ONCE = 200;
/** Turns at a time, of different licences. */
const BESIDE = 2;
/** A call that ended is written down by then; what is still open later died with its process. */
const GRACE_MS = 60_000;
const METERS: readonly Meter[] = ['calls', 'bytes'];

/**
 * Lets calls in: each takes what it may come to off the quotas, the cap and the calls at a time of its licence, before the vendor hears of it. Whoever asks at once is asked for in one
 * transaction, one licence after the other; what it writes is only needed while this process lives, so nobody waits for the disk.
 */
@Injectable()
export class AdmitCalls {
  private readonly grouped = new Grouped<CallRequest, Result<ApiCall>>((requests) => asExchange(() => this.admit(requests)), { most: AT_ONCE, atOnce: BESIDE, keyOf: (r) => r.ground.standing.licence.id });

  constructor(
    private readonly uow: UnitOfWork, private readonly tables: CallTables, private readonly spending: SpendingLimit, private readonly contracts: Contracts, private readonly metering: Metering, private readonly clock: Clock,
  ) {}

  execute(request: CallRequest): Promise<Result<ApiCall>> {
    return this.grouped.add(request);
  }

  private admit(requests: readonly CallRequest[]): Promise<Result<ApiCall>[]> {
    return this.uow.run(async (tx) => {
      await tx.query('set local synchronous_commit = off');
      const answers = new Map<CallRequest, Result<ApiCall>>();
      const taken: OpenCall[] = [];
      const byLicence = [...Map.groupBy(requests, (r) => r.ground.standing.licence.id)].sort(([a], [b]) => (a < b ? -1 : 1));
      for (const [licenceId, own] of byLicence) await this.admitOf(tx, licenceId, own, answers, taken);
      if (taken.length) await this.tables.open.insert(tx, taken);
      return requests.map((r) => answers.get(r)!);
    });
  }

  private async admitOf(tx: Tx, licenceId: string, requests: readonly CallRequest[], answers: Map<CallRequest, Result<ApiCall>>, taken: OpenCall[]): Promise<void> {
    await this.tables.deliveries.lockTaking(tx, licenceId);
    const now = this.clock.now();
    const open = await this.tables.open.under(tx, licenceId, now);
    const limit = await this.spending.begin(tx, licenceId, METERS, now);
    const trial = await this.trial(tx, requests[0]!.ground, open, now);
    let running = open.running;
    let before: bigint | null = null;
    for (const request of requests) {
      const { standing: { licence, agreement }, service, access } = request.ground;
      const count = async (): Promise<bigint> => (before ??= await this.calls(tx, request.ground, now)) + open.calls + BigInt(running - open.running);
      const more = new Map<Meter, bigint>([['calls', BigInt(request.operation.cost)], ['bytes', BigInt(service.answerBytes)]]);
      const problem = running >= service.atOnce ? stateConflict(DELIVERY_ERRORS.API_AT_ONCE, `${service.atOnce} calls of this licence at the same time, and so many are under way`, 'BUSY')
        : await this.problem(tx, request, more, [trial, limit], { now, count });
      if (problem) {
        answers.set(request, problem);
        continue;
      }
      for (const l of [trial, limit]) l.take(more);
      running += 1;
      const call: ApiCall = {
        id: newId(), licenceId, agreementId: agreement.id, agreementHash: agreement.hash, decisionId: access.decisionId, productId: licence.productId, vendorId: licence.vendorId, buyerId: licence.buyerId,
        operation: `${request.operation.method} ${request.operation.path}`, cost: BigInt(request.operation.cost), startedAt: now,
      };
      answers.set(request, call);
      taken.push({ id: call.id, licenceId, vendorId: call.vendorId, buyerId: call.buyerId, productId: call.productId, operation: call.operation, startedAt: now, cost: call.cost, calls: call.cost, bytes: BigInt(service.answerBytes), expiresAt: new Date(now.getTime() + service.totalMs + GRACE_MS) });
    }
  }

  private async problem(tx: Tx, { actor, ground }: CallRequest, more: ReadonlyMap<Meter, bigint>, limits: readonly Limit[], { now, count }: { readonly now: Date; readonly count: () => Promise<bigint> }): Promise<Refusal | undefined> {
    for (const limit of limits) {
      const beyond = limit.problem(more, 'this call');
      if (beyond) return beyond;
    }
    return this.contracts.termsRefusal(tx, actor, ground.standing, { at: now, mediaType: ANSWER_TYPE, channel: 'public', before: count });
  }

  /** Calls under this licence so far, where its terms count them. */
  private async calls(tx: Tx, { standing: { licence } }: CallGround, now: Date): Promise<bigint> {
    const [used] = await this.metering.usedWithin(tx, licence.id, [{ from: licence.validFrom!, until: new Date(now.getTime() + 1) }]);
    return used!.get('calls') ?? 0n;
  }

  /** A trial that is limited gives no more bytes than it says; one that is limited in downloads alone gives no calls. */
  private async trial(tx: Tx, { standing }: CallGround, open: OpenCalls, now: Date): Promise<Limit> {
    const quotas = trialQuotas(standing, now);
    const inBytes = quotas.find((q) => q.meter === 'bytes');
    const refusal = (text: string): Refusal => stateConflict(DELIVERY_ERRORS.TRIAL_QUOTA, text, 'TRIAL');
    if (!quotas.length) return { problem: () => undefined, take: () => {} };
    if (!inBytes) return { problem: () => refusal('the trial gives downloads, and no calls'), take: () => {} };
    const [used] = await this.metering.usedWithin(tx, standing.licence.id, [{ from: standing.licence.validFrom!, until: new Date(now.getTime() + 1) }]);
    let taken = (used!.get('bytes') ?? 0n) + open.bytes;
    return {
      problem: (more) => (taken + (more.get('bytes') ?? 0n) > BigInt(inBytes.quantity) ? refusal(`the trial gives ${inBytes.quantity} bytes: the next answer might be more`) : undefined),
      take: (more) => void (taken += more.get('bytes') ?? 0n),
    };
  }
}
