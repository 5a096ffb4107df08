import type { InvoiceDocument } from '../domain/model/document.js';
import type { Flavour } from '../domain/ubl/flavour.js';
import { isUnsayable, writeUbl } from '../domain/ubl/write-ubl.js';
import { FLOWS } from './flows.js';
import { makeDocument } from './make-document.js';
import { Random } from './random.js';

/** Currencies that the samples go through; yen and won have no minor unit, dinars have three places. */
const SAMPLE_CURRENCIES = ['CNY', 'SGD', 'HKD', 'USD', 'EUR', 'GBP', 'JPY', 'KRW', 'KWD'] as const;

export interface Sample {
  /** `bis3/cn-domestic-jpy-invoice.xml`. */
  readonly file: string;
  readonly content: string;
  readonly document: InvoiceDocument;
  readonly flavour: Flavour;
}
const FOLDERS: Readonly<Record<Flavour, string>> = { BIS3: 'bis3', BIS3_SELF_BILLING: 'bis3-self-billing', PINT_SG: 'pint-sg' };

/** Every flow in every currency, as invoice and credit note, by the seller and by the buyer, in every specification that has words for it. The same seed gives the same bytes. */
export function makeSamples(seed: number): Sample[] {
  const samples: Sample[] = [];
  let serial = 0;
  for (const flow of FLOWS) {
    for (const currency of SAMPLE_CURRENCIES) {
      for (const type of ['INVOICE', 'CREDIT_NOTE'] as const) {
        for (const flavour of Object.keys(FOLDERS) as Flavour[]) {
          serial += 1;
          const document = makeDocument(new Random(seed * 100_003 + serial), serial, flow, currency, { type, issuedBy: flavour === 'BIS3_SELF_BILLING' ? 'BUYER' : 'SELLER' });
          const content = writeUbl(document, flavour);
          if (!isUnsayable(content)) samples.push({ file: `${FOLDERS[flavour]}/${flow.name}-${currency.toLowerCase()}-${type.toLowerCase().replace('_', '-')}.xml`, content, document, flavour });
        }
      }
    }
  }
  return samples;
}
