import { Injectable } from '@nestjs/common';
import { Notices, type Signatory } from '#identity';
import { Clock, type Tx } from '#shared';
import { SIGNING_DAYS } from '../../domain/licence-state.js';
import { type OfferEffects, OfferSigningRepository } from '../../storage/offer-signing.repository.js';
import type { Offer } from '../../storage/offer.repository.js';

const DAY_MS = 86_400_000;

/** Notes that an offer waits for its second signature, with what takes effect by it. Its vendor's members are told, nobody else. */
@Injectable()
export class AwaitOfferSignature {
  constructor(private readonly signings: OfferSigningRepository, private readonly notices: Notices, private readonly clock: Clock) {}

  async open(tx: Tx, { id: offerId, vendorId, productId, title }: Offer, { memberId: requestedBy, displayName }: Signatory, effects: OfferEffects): Promise<undefined> {
    const requestedAt = this.clock.now();
    const expiresAt = new Date(requestedAt.getTime() + SIGNING_DAYS * DAY_MS);
    await this.signings.insert(tx, { ...effects, offerId, vendorId, requestedBy, requestedAt, expiresAt, closedBy: null, closedAt: null });
    await this.notices.tell(tx, [vendorId], {
      objectType: 'OFFER', objectId: offerId, kind: 'OFFER_TO_SIGN', text: `${displayName} drew up the offer "${title}". It takes effect when another holder of a mandate signs it, by ${expiresAt.toISOString()}.`,
      details: { productId, requestedBy, expiresAt: expiresAt.toISOString(), negotiationId: effects.negotiationId },
    });
  }
}
