import { resultUnion } from '#shared';
import { Licence } from '../contracts.types.js';

export const CancelRenewalResult = resultUnion('CancelRenewalResult', () => Licence);
