import { Injectable } from '@nestjs/common';
import { Contracts } from '#contracts';
import { accepted, type Caller, sum, type Tx } from '#shared';
import { type OpenTrade, Settlement, type Trade } from '#settlement';
import { isUndetermined, taxOn, type TaxTreatment } from '../domain/tax.js';
import { type TaxedSides, TaxDesk } from './tax-desk.js';

/** What is asked of settlement before its tax is known. */
export type BilledTrade = Pick<OpenTrade, 'kind' | 'reference' | 'agreementId' | 'licenceId' | 'vendorId' | 'buyerId' | 'net'>;

export interface OpenedTrade {
  readonly trade: Trade;
  readonly sides: TaxedSides;
  readonly treatment: TaxTreatment;
}

/** Opens a trade in settlement with its tax and that of the commission. Answers the reason where no rule decides the tax. */
@Injectable()
export class OpenBilledTrade {
  constructor(private readonly settlement: Settlement, private readonly taxes: TaxDesk, private readonly contracts: Contracts) {}

  async execute(tx: Tx, caller: Caller, input: BilledTrade): Promise<OpenedTrade | { readonly undetermined: string }> {
    const [sides, commission] = await this.taxed(input.vendorId, input.buyerId);
    if (isUndetermined(sides.tax)) return { undetermined: sides.tax.reason };
    if (isUndetermined(commission.tax)) return { undetermined: commission.tax.reason };
    const tax = taxOn(input.net, sides.tax);
    const trade = await this.settlement.openTrade(tx, caller, {
      ...input, tax, gross: sum([input.net, tax], input.net.currency), taxJurisdiction: sides.tax.jurisdiction, taxTreatment: { ...sides.tax },
      commissionTax: { basisPoints: commission.tax.basisPoints, jurisdiction: commission.tax.jurisdiction, treatment: { ...commission.tax } },
    });
    return { trade, sides, treatment: sides.tax };
  }

  /** Why no rule decides the tax between these two, if none does. */
  async undetermined(vendorId: string, buyerId: string): Promise<string | null> {
    return (await this.taxed(vendorId, buyerId)).map(({ tax }) => (isUndetermined(tax) ? tax.reason : null)).find((reason) => reason !== null) ?? null;
  }

  private taxed(vendorId: string, buyerId: string): Promise<[TaxedSides, TaxedSides]> {
    return Promise.all([this.taxes.sides(vendorId, buyerId), this.taxes.commission(vendorId)]);
  }

  /** The trade of an agreement whose tax nobody can tell: on record and closed, with the reason, and no money asked for. So the licence is over before it began. */
  async refuse(tx: Tx, caller: Caller, input: BilledTrade, reason: string): Promise<void> {
    const { seller } = await this.taxes.sides(input.vendorId, input.buyerId);
    const treatment = { undetermined: reason };
    const none = { minor: 0n, currency: input.net.currency };
    const trade = await this.settlement.openTrade(tx, caller, {
      ...input, tax: none, gross: input.net, taxJurisdiction: seller.jurisdiction, taxTreatment: treatment,
      commissionTax: { basisPoints: 0, jurisdiction: seller.jurisdiction, treatment },
    });
    await this.settlement.cancel(tx, caller, trade.id, reason);
    if (input.kind === 'PURCHASE') accepted(await this.contracts.lapseLicence(tx, caller, input.agreementId, reason));
  }
}
