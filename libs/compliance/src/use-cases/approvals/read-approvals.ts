import { Injectable } from '@nestjs/common';
import { type Actor, organisationOf } from '#identity';
import { isId, type Page, type PageRequest } from '#shared';
import type { Approval } from '../../domain/approvals/approval.js';
import { type ApprovalFilter, ApprovalRepository } from '../../storage/approval.repository.js';
import { isPartyReader, isStaffReader } from '../counter/case-side.js';

/** What of the approvals an actor may see: holder and recipient their own, staff all. Null is what he may not. */
@Injectable()
export class ReadApprovals {
  constructor(private readonly approvals: ApprovalRepository) {}

  async byId(actor: Actor, id: string): Promise<Approval | null> {
    const found = isId(id) ? (await this.approvals.byIds([id])).get(id) : undefined;
    if (!found) return null;
    return isStaffReader(actor) || (isPartyReader(actor) && actor.tenantId !== null && [found.holderId, found.recipientId].includes(actor.tenantId)) ? found : null;
  }
  async mine(actor: Actor, filter: ApprovalFilter, request: PageRequest): Promise<Page<Approval> | null> {
    return isPartyReader(actor) ? this.approvals.page(organisationOf(actor), filter, request) : null;
  }
  async page(actor: Actor, filter: ApprovalFilter, request: PageRequest): Promise<Page<Approval> | null> {
    return isStaffReader(actor) ? this.approvals.page(null, filter, request) : null;
  }
}
