import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise, organisationOf, parseAllowed } from '#identity';
import { Clock, Commands, invalid, isCountry, isRefused, newId, type Refusal, type Result, stateConflict } from '#shared';
import { DELIVERY_ERRORS } from '../../delivery.errors.js';
import { type AccessPoint, MOST_ACCESS_POINTS, WIDEST_IPV4, WIDEST_IPV6 } from '../../domain/channels/channel.js';
import { fingerprintOf, readCertificate } from '../../domain/channels/client-proof.js';
import { AccessPointRepository } from '../../storage/access-point.repository.js';

export interface AddAccessPointInput {
  /** One of the two: a network as CIDR, or a client certificate as PEM. */
  readonly network: string | null;
  readonly certificate: string | null;
  readonly country: string;
  readonly label: string;
}
type Named = Pick<AccessPoint, 'kind' | 'value' | 'subject' | 'validUntil'>;

/** An organisation says from where it fetches what goes by networks or by mutual TLS. The same again is the one that is there. */
@Injectable()
export class AddAccessPoint {
  constructor(private readonly commands: Commands, private readonly points: AccessPointRepository, private readonly audit: Audit, private readonly clock: Clock) {}

  async execute(actor: Actor, input: AddAccessPointInput): Promise<Result<AccessPoint>> {
    const refusal = authorise(actor, 'delivery:manage-access');
    if (refusal) return refusal;
    if (!isCountry(input.country)) return invalid(DELIVERY_ERRORS.ACCESS_POINT, 'country', 'an ISO 3166-1 alpha-2 code');
    const named = this.named(input);
    if (isRefused(named)) return named as Refusal;
    const organisationId = organisationOf(actor);
    const added = await this.commands.run<Result<{ readonly id: string }>>(actor, 'delivery.add-access-point', input, async (tx) => {
      const all = await this.points.lock(tx, organisationId);
      const same = all.find((p) => p.kind === named.kind && p.value === named.value);
      if (same) return same.country === input.country ? { id: same.id } : stateConflict(DELIVERY_ERRORS.ACCESS_POINT, `it is registered for ${same.country} already`, 'REGISTERED');
      if (all.length >= MOST_ACCESS_POINTS) return stateConflict(DELIVERY_ERRORS.ACCESS_POINT, `at most ${MOST_ACCESS_POINTS} of one organisation`, 'FULL');
      const point: AccessPoint = { ...named, id: newId(), organisationId, country: input.country, label: input.label, addedBy: actor.subject, addedAt: this.clock.now() };
      await this.points.insert(tx, point);
      await this.audit.append(tx, actor, { act: 'access-point.add', objectType: 'access-point', objectId: point.id, details: { kind: point.kind, value: point.value, country: point.country } });
      return { id: point.id };
    });
    if (isRefused(added)) return added;
    return (await this.points.of(organisationId)).find((p) => p.id === added.id) ?? stateConflict(DELIVERY_ERRORS.ACCESS_POINT, 'it was removed meanwhile', 'REMOVED');
  }

  private named({ network, certificate }: AddAccessPointInput): Named | Refusal {
    if ((network === null) === (certificate === null)) return invalid(DELIVERY_ERRORS.ACCESS_POINT, 'network', 'either a network or a certificate');
    if (network !== null) {
      const value = parseAllowed(network);
      const bits = Number(value?.split('/')[1]);
      if (!value || bits < (value.includes(':') ? WIDEST_IPV6 : WIDEST_IPV4)) return invalid(DELIVERY_ERRORS.ACCESS_POINT, 'network', `a CIDR of at least ${WIDEST_IPV4} bits, of IPv6 ${WIDEST_IPV6}`);
      return { kind: 'NETWORK', value, subject: null, validUntil: null };
    }
    const read = readCertificate(certificate!);
    if (!read) return invalid(DELIVERY_ERRORS.ACCESS_POINT, 'certificate', 'an X.509 certificate as PEM');
    if (read.validToDate <= this.clock.now()) return invalid(DELIVERY_ERRORS.ACCESS_POINT, 'certificate', 'this certificate is not valid any more');
    return { kind: 'CERTIFICATE', value: fingerprintOf(read), subject: read.subject ? read.subject.replaceAll('\n', ', ').slice(0, 500) : null, validUntil: read.validToDate };
  }
}
