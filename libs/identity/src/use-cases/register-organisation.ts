import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Clock, Commands, invalid, isCountry, isSubdivision, newId, notPermitted, type Result, stateConflict } from '#shared';
import { type Actor, asPerson } from '../domain/actor.js';
import { REGISTERED_LEVEL } from '../domain/assurance.js';
import { homeSchemes, isHomeNumber } from '../domain/home-schemes.js';
import { parseRegistryNumber, type RegistryScheme } from '../domain/registry-number.js';
import { IDENTITY_ERRORS } from '../identity.errors.js';
import { MemberRepository } from '../storage/member.repository.js';
import { type Organisation, OrganisationRepository } from '../storage/organisation.repository.js';
import { SettleRegistration } from './settle-registration.js';

export interface RegisterOrganisationInput {
  readonly kind: 'TRADER' | 'ASSESSOR';
  readonly legalName: string;
  readonly jurisdiction: string;
  readonly subdivision?: string | null;
  readonly registryNumbers: readonly { readonly scheme: RegistryScheme; readonly value: string }[];
}

/** A newcomer brings his organisation and becomes its first administrator. */
@Injectable()
export class RegisterOrganisation {
  constructor(
    private readonly commands: Commands, private readonly organisations: OrganisationRepository, private readonly members: MemberRepository,
    private readonly audit: Audit, private readonly clock: Clock, private readonly settle: SettleRegistration,
  ) {}

  async execute(actor: Actor, input: RegisterOrganisationInput): Promise<Result<Organisation>> {
    if (!actor.identity) return notPermitted('identity:register');
    const numbers = this.numbers(input);
    if ('refused' in numbers) return numbers;
    const organisation: Organisation = {
      id: newId(), kind: input.kind, legalName: input.legalName.normalize('NFC').trim(), jurisdiction: input.jurisdiction, subdivision: input.subdivision ?? null,
      state: 'PENDING_VERIFICATION', assuranceLevel: REGISTERED_LEVEL, verifiedAt: null, verificationDueAt: null, createdAt: this.clock.now(), registryNumbers: numbers.map((n) => ({ ...n, proven: false })),
    };
    const { issuer, subject, name } = actor.identity;
    return this.commands.runAcross<Result<Organisation>>(asPerson(actor, actor.identity), 'identity.register-organisation', input, async (tx) => {
      await this.organisations.insert(tx, organisation);
      const member = { id: newId(), organisationId: organisation.id, issuer, subject, displayName: name, roles: ['ORG_ADMIN' as const], state: 'ACTIVE' as const, createdAt: organisation.createdAt };
      if (!(await this.members.insert(tx, member))) return stateConflict(IDENTITY_ERRORS.ALREADY_MEMBER, 'you are a member of an organisation already', 'ACTIVE');
      await this.audit.append(tx, actor, { act: 'organisation.register', objectType: 'organisation', objectId: organisation.id, tenantId: organisation.id, details: { ...input } });
      return this.settle.execute(tx, actor, organisation);
    });
  }

  private numbers(input: RegisterOrganisationInput) {
    if (!isCountry(input.jurisdiction)) return invalid(IDENTITY_ERRORS.COUNTRY_UNKNOWN, 'jurisdiction', 'an ISO 3166-1 alpha-2 code');
    if (input.subdivision && (!isSubdivision(input.subdivision) || !input.subdivision.startsWith(`${input.jurisdiction}-`))) {
      return invalid(IDENTITY_ERRORS.COUNTRY_UNKNOWN, 'subdivision', 'an ISO 3166-2 code of the jurisdiction, such as CN-SH');
    }
    const parsed = input.registryNumbers.map((n) => parseRegistryNumber(n.scheme, n.value));
    const wrong = parsed.findIndex((n, i) => n === undefined || parsed.findIndex((m) => m?.scheme === n.scheme) !== i);
    if (wrong >= 0) return invalid(IDENTITY_ERRORS.REGISTRY_NUMBER_FORM, `registryNumbers.${wrong}.value`, `one number in the form of ${input.registryNumbers[wrong]!.scheme}`);
    const numbers = parsed.map((n) => n!);
    if (!numbers.some((n) => isHomeNumber(input.jurisdiction, n))) return invalid(IDENTITY_ERRORS.REGISTRY_NUMBER_MISSING, 'registryNumbers', `a number of ${input.jurisdiction} is needed: ${homeSchemes(input.jurisdiction).join(' or ')}`);
    return numbers;
  }
}
