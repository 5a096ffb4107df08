import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Contracts } from '#contracts';
import { type Actor, authorise } from '#identity';
import { Clock, Commands, invalid, newId, notFound, type Result, stateConflict } from '#shared';
import { DELIVERY_ERRORS } from '../../delivery.errors.js';
import { MOST_DESTINATIONS } from '../../domain/push/push.js';
import { PushBuckets } from '../../push/push-buckets.js';
import { type PushDestination, PushDestinationRepository } from '../../storage/push/push-destination.repository.js';

export interface RegisterDestinationInput extends Pick<PushDestination, 'licenceId' | 'endpoint' | 'awsRegion' | 'bucket' | 'prefix' | 'pathStyle' | 'accessKeyId'> {
  /** Kept sealed, and never shown again. */
  readonly secretAccessKey: string;
}

/** A licensee names a bucket of his own for new revisions. It is tried before anything goes there. */
@Injectable()
export class RegisterPushDestination {
  constructor(
    private readonly commands: Commands, private readonly contracts: Contracts, private readonly buckets: PushBuckets, private readonly destinations: PushDestinationRepository, private readonly audit: Audit, private readonly clock: Clock,
  ) {}

  async execute(actor: Actor, input: RegisterDestinationInput): Promise<Result<PushDestination>> {
    const refusal = authorise(actor, 'delivery:download');
    if (refusal) return refusal;
    if (this.buckets.refuses(input)) return invalid(DELIVERY_ERRORS.PUSH_ADDRESS, 'endpoint', 'an https address that is public');
    const secret = await this.buckets.seal(input.secretAccessKey);
    return this.commands.run<Result<PushDestination>>(actor, 'delivery.register-push-destination', input, async (tx) => {
      const licence = await this.contracts.licenceById(input.licenceId);
      if (licence?.buyerId !== actor.tenantId) return notFound('licence');
      if (licence.state !== 'ACTIVE' && licence.state !== 'SUSPENDED') return stateConflict(DELIVERY_ERRORS.LICENCE_NOT_ACTIVE, 'the licence is not active', licence.state);
      if ((await this.destinations.lockOfLicence(tx, licence.id)).length >= MOST_DESTINATIONS) return stateConflict(DELIVERY_ERRORS.PUSH_DESTINATIONS_FULL, `at most ${MOST_DESTINATIONS} of one licence`, 'FULL');
      const { licenceId, endpoint, awsRegion, bucket, prefix, pathStyle, accessKeyId } = input;
      const { productId, vendorId, buyerId } = licence;
      const destination: PushDestination = {
        id: newId(), licenceId, productId, vendorId, buyerId, endpoint, awsRegion, bucket, prefix, pathStyle, accessKeyId, registeredBy: actor.subject, state: 'PENDING', problem: null, createdAt: this.clock.now(), checkedAt: null,
      };
      await this.destinations.insert(tx, destination, secret);
      await this.audit.append(tx, actor, { act: 'push-destination.register', objectType: 'push-destination', objectId: destination.id, details: { licenceId, endpoint, bucket, prefix } });
      return destination;
    });
  }
}
