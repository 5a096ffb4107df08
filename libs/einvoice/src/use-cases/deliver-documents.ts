import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { accepted, Clock, newId, systemCaller, UnitOfWork } from '#shared';
import { AccessPointPort, type SendOutcome } from '../domain/access-point.port.js';
import { nextAttempt, transmissionStates } from '../domain/transmission.js';
import { FLAVOURS } from '../domain/ubl/flavour.js';
import { type Transmission, TransmissionRepository } from '../storage/transmission.repository.js';

/** Far longer than a call may take: then its process has died. */
const LEASE_MS = 300_000;
const MOST_A_TURN = 200;
const UBL_INVOICE = 'urn:oasis:names:specification:ubl:schema:xsd:Invoice-2::Invoice';

/** Hands what is queued to the access point, outside of any transaction: the row is held by a claim, and the id makes a second attempt the same one. */
@Injectable()
export class DeliverDocuments {
  constructor(private readonly uow: UnitOfWork, private readonly transmissions: TransmissionRepository, private readonly port: AccessPointPort, private readonly audit: Audit, private readonly clock: Clock) {}

  async execute(): Promise<void> {
    for (let i = 0; i < MOST_A_TURN; i += 1) {
      const [claim, now] = [newId(), this.clock.now()];
      const due = await this.uow.run((tx) => this.transmissions.claim(tx, now, new Date(now.getTime() + LEASE_MS), claim));
      if (!due) return;
      const { customization, profile } = FLAVOURS[due.format === 'pint-sg' ? 'PINT_SG' : 'BIS3'];
      const outcome = await this.port.send({ id: due.id, sender: due.sender, receiver: due.receiver, documentType: `${UBL_INVOICE}##${customization}::2.1`, process: profile, content: due.content });
      await this.record(due, claim, outcome);
    }
  }

  /** Nothing where another process took it up meanwhile. */
  private async record(due: Transmission, claim: string, outcome: SendOutcome): Promise<void> {
    await this.uow.run(async (tx) => {
      const held = await this.transmissions.lock(tx, due.id, claim);
      if (held?.state !== 'QUEUED') return;
      const at = this.clock.now();
      const again = outcome.sent || outcome.final ? null : nextAttempt(held.attempts, at);
      if (!outcome.sent && again) return this.transmissions.move(tx, held.id, { state: 'QUEUED', nextAttemptAt: again, providerReference: null, problem: outcome.problem, at });
      const state = accepted(await this.audit.transition(tx, systemCaller('einvoice'), {
        table: transmissionStates, state: held.state, event: outcome.sent ? 'send' : 'fail', objectType: 'transmission', objectId: held.id, tenantId: held.issuerId, details: outcome.sent ? { reference: outcome.reference } : { problem: outcome.problem },
      }));
      await this.transmissions.move(tx, held.id, { state, nextAttemptAt: null, providerReference: outcome.sent ? outcome.reference : null, problem: outcome.sent ? null : outcome.problem, at });
    });
  }
}
