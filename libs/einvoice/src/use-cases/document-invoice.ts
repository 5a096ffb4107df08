import { Injectable } from '@nestjs/common';
import { Billing, invoiceNumber } from '#billing';
import { type Actor, authorise } from '#identity';
import { invalid, notFound, type Refusal, type Result, stateConflict } from '#shared';
import { seesAllTrades } from '#settlement';
import { documentOf } from '../domain/bridge/document-of.js';
import { type Format, FORMATS, isFormat, issuerOf, isUnwritten, PDF, writeDocument, type Written } from '../domain/formats.js';
import { isLanguage } from '../domain/render/html.js';
import { renderPdf } from '../pdf/render-pdf.js';
import { EINVOICE_ERRORS } from '../einvoice.errors.js';

export interface DocumentedInvoice extends Omit<Written, 'content'> {
  readonly content: string | Buffer;
  readonly number: string;
}
export interface FormatOffered {
  readonly format: Format;
  /** Null: the document can be had. */
  readonly problem: string | null;
}

/** An issued invoice as a document, for its two sides and staff with an eye on all. */
@Injectable()
export class DocumentInvoice {
  constructor(private readonly billing: Billing) {}

  refusal(actor: Actor): Refusal | undefined {
    return seesAllTrades(actor) ? undefined : authorise(actor, 'billing:read');
  }

  async execute(actor: Actor, invoiceId: string, format: string, language: string): Promise<Result<DocumentedInvoice>> {
    const refusal = this.refusal(actor);
    if (refusal) return refusal;
    if (!isFormat(format)) return invalid(EINVOICE_ERRORS.FORMAT, 'format', `one of ${FORMATS.join(', ')}`);
    if (!isLanguage(language)) return invalid(EINVOICE_ERRORS.LANGUAGE, 'language', 'en or zh');
    const invoice = await this.billing.invoiceFor(actor, invoiceId);
    if (!invoice) return notFound('invoice');
    const document = documentOf(invoice, issuerOf(format));
    if (format === 'pdf') return { ...PDF, content: await renderPdf(document, language), number: invoiceNumber(invoice) };
    const made = writeDocument(document, format, language);
    return isUnwritten(made) ? stateConflict(EINVOICE_ERRORS.NOT_IN_FORMAT, made.problem, 'NOT_IN_FORMAT') : { ...made, number: invoiceNumber(invoice) };
  }

  /** Which formats an invoice can be had in, and why not in the others; null where there is no such invoice. */
  async formats(actor: Actor, invoiceId: string): Promise<FormatOffered[] | null> {
    const invoice = await this.billing.invoiceFor(actor, invoiceId);
    return invoice && FORMATS.map((format) => {
      const made = format === 'pdf' ? null : writeDocument(documentOf(invoice, issuerOf(format)), format, 'en');
      return { format, problem: made && isUnwritten(made) ? made.problem : null };
    });
  }
}
