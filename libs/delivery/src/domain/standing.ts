import type { AssetRecord } from '#catalog';
import type { LicenceForDelivery } from '#contracts';
import { type NotPermitted, type StateConflict, stateConflict } from '#shared';
import { DELIVERY_ERRORS } from '../delivery.errors.js';
import type { Delivery } from './delivery.js';

/** I2: no byte leaves without a licence that is active and valid now, a product that is listed now and a buyer in good standing: a token outlives his suspension. */
export function licenceProblem({ licence, productListed, buyerVerified }: LicenceForDelivery, now: Date): StateConflict | undefined {
  const valid = licence.state === 'ACTIVE' && licence.validFrom !== null && licence.validFrom <= now && licence.validUntil !== null && now < licence.validUntil;
  if (!valid) return stateConflict(DELIVERY_ERRORS.LICENCE_NOT_ACTIVE, licence.stateReason ? `the licence is not active: ${licence.stateReason}` : 'the licence is not active', licence.state === 'ACTIVE' ? 'EXPIRED' : licence.state);
  if (!productListed) return stateConflict(DELIVERY_ERRORS.PRODUCT_NOT_LISTED, 'the product is not listed', 'NOT_LISTED');
  if (!buyerVerified) return stateConflict(DELIVERY_ERRORS.BUYER_NOT_VERIFIED, 'the buyer is not a verified organisation now', 'NOT_VERIFIED');
  return undefined;
}

/** What was delivered under a licence, with what its open tokens still may take. */
export interface Taken {
  readonly downloads: bigint;
  readonly bytes: bigint;
}

/** What a trial that runs may take at the most; nothing where none runs, or it is not limited. */
export const trialQuotas = ({ licence, agreement }: Pick<LicenceForDelivery, 'licence' | 'agreement'>, now: Date): readonly { readonly meter: keyof Taken; readonly quantity: string }[] =>
  (licence.paidFrom !== null && now < licence.paidFrom ? agreement.plan.trial?.quotas : undefined) ?? [];

/** One delivery more of so many bytes would be more than the trial gives. */
export function trialProblem(quotas: ReturnType<typeof trialQuotas>, taken: Taken, byteLength: bigint): StateConflict | undefined {
  const after: Taken = { downloads: taken.downloads + 1n, bytes: taken.bytes + byteLength };
  const over = quotas.find((q) => after[q.meter] > BigInt(q.quantity));
  return over && stateConflict(DELIVERY_ERRORS.TRIAL_QUOTA, `the trial gives ${over.quantity} ${over.meter}: the next delivery would be more`, 'TRIAL');
}

/** An expired token and a spent one look alike. */
export const tokenProblem = (delivery: Pick<Delivery, 'state' | 'expiresAt'>, now: Date): StateConflict | undefined =>
  (delivery.state === 'OPEN' || delivery.state === 'COMPLETED') && now < delivery.expiresAt ? undefined : stateConflict(DELIVERY_ERRORS.TOKEN, 'the token is expired or spent: request the download again', 'GONE');

/** A token is bound to who asked for it: alone it opens the file, beside the credential of somebody else it does not. */
export const askerProblem = ({ askedBy }: Pick<Delivery, 'askedBy'>, presented: string | null): NotPermitted | undefined =>
  presented === null || askedBy === null || presented === askedBy ? undefined : { refused: true, kind: 'NotPermitted', code: DELIVERY_ERRORS.NOT_THE_ASKER, message: 'this token was given to another member or key than the one whose credential stands beside it' };

/** A revision that was called back leaves no more, not even to those who have paid for it: they were told why. */
export const revisionProblem = (asset: Pick<AssetRecord, 'revisionState' | 'revocationReason'> | null): StateConflict | undefined =>
  asset?.revisionState === 'FINALISED' ? undefined : stateConflict(DELIVERY_ERRORS.REVISION_REVOKED, `the revision was called back: ${asset?.revocationReason ?? 'it is gone'}`, asset?.revisionState ?? 'REVOKED');
