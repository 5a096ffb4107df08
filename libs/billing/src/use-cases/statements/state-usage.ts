import { Injectable } from '@nestjs/common';
import { restedDays } from '#contracts';
import { type Actor, authorise } from '#identity';
import { asSystem, invalid, notFound, type Result, type Tx, UnitOfWork } from '#shared';
import { seesAllTrades } from '#settlement';
import { BILLING_ERRORS } from '../../billing.errors.js';
import { invoiceNumber } from '../../domain/invoice.js';
import { STATEMENT_FORMAT, type StatedCharge, statedInvoice, type StatedCorrection, type UsageStatement } from '../../domain/statement/statement.js';
import { StatementRepository } from '../../storage/statement.repository.js';
import { RatingSources } from '../close-usage.js';
import { ReadBilling } from '../read-billing.js';

/** Names of receipts in one document: some eight megabytes. */
const MOST_RECEIPTS = 200_000;

/** Says what an invoice over use rests on, for its two sides and staff with an eye on all. */
@Injectable()
export class StateUsage {
  constructor(private readonly reading: ReadBilling, private readonly statements: StatementRepository, private readonly sources: RatingSources, private readonly uow: UnitOfWork) {}

  refusal(actor: Actor): ReturnType<typeof authorise> {
    return seesAllTrades(actor) ? undefined : authorise(actor, 'billing:read');
  }

  async execute(actor: Actor, invoiceId: string): Promise<Result<UsageStatement>> {
    const refusal = this.refusal(actor);
    if (refusal) return refusal;
    const invoice = await this.reading.invoice(actor, invoiceId);
    const closing = invoice && (await this.statements.closingOf(invoiceId));
    const terms = closing && (await this.sources.licences.termsOf(closing.licenceId));
    if (!invoice || !closing || !terms) return notFound('invoice over use');
    const receipts = await this.statements.receipts(closing, MOST_RECEIPTS + 1);
    if (receipts.length > MOST_RECEIPTS) return invalid(BILLING_ERRORS.STATEMENT_TOO_LONG, 'id', `it rests on more than ${MOST_RECEIPTS} receipts`);
    const [charges, corrections] = [await this.statements.charges(closing), await this.statements.corrections(closing)];
    // Whose invoice it is was looked at; names of events are the exchange's to read.
    const { rests, stated } = await asSystem(() => this.uow.run(async (tx) => ({ rests: await this.sources.licences.restsOf(tx, closing.licenceId), stated: await this.stated(tx, closing.vendorId, corrections) })));
    const plain = ({ period, component, meter, quantity, netMinor }: StatedCharge): StatedCharge => ({ period, component, meter, quantity, netMinor });
    return {
      format: STATEMENT_FORMAT, invoice: statedInvoice(invoice, invoiceNumber(invoice)), licenceId: closing.licenceId, vendorId: closing.vendorId, buyerId: closing.buyerId,
      periods: terms.spans.map((span, n) => ({ from: span.from.toISOString(), until: span.until.toISOString(), plan: terms.planOf(n), rested: restedDays(span, rests, closing.closedAt) })),
      charges: charges.filter((c) => !c.earlier).map(plain), earlierCharges: charges.filter((c) => c.earlier).map(plain),
      receipts: receipts.filter((r) => !r.earlier).map((r) => r.id), earlierReceipts: receipts.filter((r) => r.earlier).map((r) => r.id), corrections: stated,
    };
  }

  private async stated(tx: Tx, vendorId: string, corrections: Awaited<ReturnType<StatementRepository['corrections']>>): Promise<StatedCorrection[]> {
    const stated: StatedCorrection[] = [];
    for (const { id, meter, quantity, source, eventId, earlier } of corrections) {
      const event = await this.sources.metering.eventNamed(tx, { vendorId, source, eventId });
      stated.push({ id, meter, quantity, earlier, occurredAt: event!.occurredAt.toISOString() });
    }
    return stated;
  }
}
