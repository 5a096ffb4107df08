import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { ADVISORY_LOCKS, Clock, Config, newId, systemCaller, UnitOfWork } from '#shared';
import { MemberRepository } from '../storage/member.repository.js';
import { OrganisationRepository } from '../storage/organisation.repository.js';

/** The identity that administers a development exchange; in production STAFF_ADMIN_SUBJECT names the real one. */
export const DEV_STAFF_ADMIN = 'staff-admin';

/** Makes the exchange's own organisation and its first administrator, once. */
@Injectable()
export class EnsureExchange {
  constructor(
    private readonly uow: UnitOfWork, private readonly organisations: OrganisationRepository, private readonly members: MemberRepository,
    private readonly audit: Audit, private readonly clock: Clock, private readonly config: Config,
  ) {}

  async execute(): Promise<void> {
    const subject = this.config.STAFF_ADMIN_SUBJECT ?? (this.config.devIssuer ? DEV_STAFF_ADMIN : undefined);
    if (!subject || (await this.organisations.exchangeId())) return;
    const caller = systemCaller('install');
    await this.uow.run(async (tx) => {
      await tx.query('select pg_advisory_xact_lock($1)', [ADVISORY_LOCKS.exchange]);
      if (((await tx.query(`select 1 from identity.organisation where kind = 'EXCHANGE'`)) as unknown[]).length) return;
      const now = this.clock.now();
      const organisation = { id: newId(), kind: 'EXCHANGE' as const, legalName: this.config.OPERATOR_NAME, jurisdiction: this.config.OPERATOR_JURISDICTION, subdivision: this.config.OPERATOR_SUBDIVISION, state: 'VERIFIED' as const, assuranceLevel: 4, verifiedAt: now, verificationDueAt: null, createdAt: now, registryNumbers: [] };
      await this.organisations.insert(tx, organisation);
      const joined = await this.members.insert(tx, { id: newId(), organisationId: organisation.id, issuer: this.config.issuer, subject, displayName: 'First administrator', roles: ['STAFF_ADMIN'], state: 'ACTIVE', createdAt: now });
      if (!joined) throw new Error('STAFF_ADMIN_SUBJECT is a member of another organisation already: name somebody else');
      await this.audit.append(tx, caller, { act: 'exchange.install', objectType: 'organisation', objectId: organisation.id, tenantId: organisation.id });
    });
  }
}
