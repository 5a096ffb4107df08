import { Injectable } from '@nestjs/common';
import { DataServices, type DataService } from '#catalog';
import { Contracts, type LicenceForDelivery } from '#contracts';
import { asExchange, Clock, isRefused, notFound, type Refusal, type Result, stateConflict } from '#shared';
import { DELIVERY_ERRORS } from '../../delivery.errors.js';
import type { Credential } from '../../domain/api/api-call.js';
import { licenceProblem } from '../../domain/standing.js';
import { DeliveryChannels } from '../../object-storage/regions/delivery-channels.js';
import { ApiCredentials } from './api-credentials.js';
import { ApiDecision } from './api-decision.js';
import type { ApiAccess } from '../../storage/api/api-access.repository.js';

/** What a call stands on. */
export interface CallGround {
  readonly standing: LicenceForDelivery;
  readonly service: DataService;
  readonly access: ApiAccess;
  readonly credential: Credential;
}

/** Calls of this time share one look at the rows: so long a download goes on between two. */
const FRESH_MS = 2_000;
const REMEMBERED = 10_000;
/** What terms say of media types, they say of documents: an API answers in the one that programs read. */
export const ANSWER_TYPE = 'application/json';

interface Known {
  readonly at: number;
  readonly ground: Promise<Result<CallGround>>;
}

/** Whether calls may go out under a licence at this moment (I2). */
@Injectable()
export class ApiStanding {
  private readonly known = new Map<string, Known>();

  constructor(
    private readonly contracts: Contracts, private readonly services: DataServices, private readonly credentials: ApiCredentials, private readonly decision: ApiDecision,
    private readonly channels: DeliveryChannels, private readonly clock: Clock,
  ) {}

  /** For the buyer of the licence; to others it is not there. What permits it was looked at two seconds ago at the most; a refusal is looked at each time. */
  async check(buyerId: string | null, licenceId: string, requestId: string, freshMs = FRESH_MS): Promise<Result<CallGround>> {
    const known = this.known.get(licenceId);
    const ground = await (known && performance.now() - known.at < freshMs ? known.ground : this.look(licenceId, requestId));
    if (isRefused(ground)) return ground;
    if (ground.standing.licence.buyerId !== buyerId) return notFound('licence');
    // The day may turn meanwhile.
    return licenceProblem(ground.standing, this.clock.now()) ?? ground;
  }

  /** Of several who ask at once one looks. */
  private look(licenceId: string, requestId: string): Promise<Result<CallGround>> {
    const ground = asExchange(() => this.ground(licenceId, requestId));
    const entry: Known = { at: performance.now(), ground };
    if (this.known.size >= REMEMBERED) this.known.delete(this.known.keys().next().value!);
    this.known.set(licenceId, entry);
    const forget = (): void => void (this.known.get(licenceId) === entry && this.known.delete(licenceId));
    void ground.then((g) => isRefused(g) && forget(), forget);
    return ground;
  }

  private async ground(licenceId: string, requestId: string): Promise<Result<CallGround>> {
    const standing = await this.contracts.licenceForDelivery(licenceId);
    if (!standing) return notFound('licence');
    const service = await this.services.ofProduct(standing.licence.productId);
    if (!service) return notFound('API');
    const at = this.clock.now();
    const problem: Refusal | undefined = licenceProblem(standing, at) ?? this.contracts.termsLapsed(standing, { at, mediaType: ANSWER_TYPE, channel: 'public' }) ?? this.channelProblem(standing) ?? partProblem(standing);
    if (problem) return problem;
    const access = await this.decision.of(standing, requestId);
    if (isRefused(access)) return access;
    const credential = await this.credentials.ofProduct(service.productId);
    return credential ? { standing, service, access, credential } : stateConflict(DELIVERY_ERRORS.API_NOT_READY, 'the vendor has not opened his API to the exchange yet', 'NO_CREDENTIAL');
  }
  /** Calls come by no other channel than the public one: where that does not lead to the destination of the licence, there are none. */
  private channelProblem({ agreement: { destination } }: LicenceForDelivery): Refusal | undefined {
    if (this.channels.all.some((c) => c.kind === 'public' && (c.destinations === null || c.destinations.includes(destination)))) return undefined;
    return stateConflict(DELIVERY_ERRORS.NO_CHANNEL, `no public channel of this exchange leads to ${destination}`, 'CHANNEL');
  }
}

/** What an API answers, the exchange cannot cut to columns, rows or datasets: it would be the whole with a promise. */
const partProblem = ({ agreement: { terms: { policy } } }: LicenceForDelivery): Refusal | undefined =>
  policy.targets ? stateConflict(DELIVERY_ERRORS.NOT_LICENSED, 'the licence is for a part of the product, and an API answers with any of it', 'NOT_LICENSED') : undefined;
