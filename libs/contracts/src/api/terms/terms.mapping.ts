import type { LicenceTerms, TermsDraft } from '../../domain/terms/licence-terms.js';
import { seatsOf } from '../../domain/users/named-users.js';
import { toPartType, toTarget } from './parts.types.js';
import type * as T from './terms.types.js';

export const toTermsType = (terms: LicenceTerms): T.LicenceTerms => ({ template: terms.template, ...terms.termination, namedUsers: seatsOf(terms.policy), parts: terms.policy.targets?.map(toPartType) ?? null, terms });

/** Own use where nothing is said. */
export function toTermsDraft(input: T.LicenceTermsInput | null | undefined): TermsDraft {
  const policy = input?.policy ?? null;
  return {
    template: policy === null ? (input?.template ?? 'INTERNAL_USE') : null, policy,
    parameters: { declaredUsers: input?.declaredUsers ?? false, alsoFor: input?.alsoFor ?? [], until: input?.until?.toISOString() ?? null, namedUsers: input?.namedUsers?.toString() ?? null, maxDownloads: input?.maxDownloads?.toString() ?? null, channels: input?.channels ?? [], attribution: input?.attribution ?? null, deletionWithin: input?.deletionWithin ?? null },
    ...(input?.parts ? { targets: input.parts.map(toTarget) } : {}),
    termination: { vendorNoticeDays: input?.vendorNoticeDays ?? null, buyerNoticeDays: input?.buyerNoticeDays ?? null },
  };
}
