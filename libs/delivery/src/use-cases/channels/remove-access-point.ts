import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise, organisationOf } from '#identity';
import { Clock, Commands, notFound, type Result } from '#shared';
import type { AccessPoint } from '../../domain/channels/channel.js';
import { AccessPointRepository } from '../../storage/access-point.repository.js';

/** A network or certificate counts no longer: what runs on it ends within seconds. */
@Injectable()
export class RemoveAccessPoint {
  constructor(private readonly commands: Commands, private readonly points: AccessPointRepository, private readonly audit: Audit, private readonly clock: Clock) {}

  async execute(actor: Actor, input: { readonly accessPointId: string }): Promise<Result<AccessPoint>> {
    const refusal = authorise(actor, 'delivery:manage-access');
    if (refusal) return refusal;
    return this.commands.run<Result<AccessPoint>>(actor, 'delivery.remove-access-point', input, async (tx) => {
      const point = (await this.points.lock(tx, organisationOf(actor))).find((p) => p.id === input.accessPointId);
      if (!point) return notFound('access point');
      await this.points.remove(tx, point.id, this.clock.now());
      await this.audit.append(tx, actor, { act: 'access-point.remove', objectType: 'access-point', objectId: point.id });
      return point;
    });
  }
}
