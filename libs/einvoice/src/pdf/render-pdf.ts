import path from 'node:path';
import PDFDocument from 'pdfkit';
import { packagedFolder } from '#shared';
import { minorPlaces, renderMinor } from '../domain/model/amount.js';
import type { InvoiceDocument } from '../domain/model/document.js';
import { headLines, type Language, lineText, partyLines, totalLines } from '../domain/render/html.js';
import { LABELS } from '../domain/render/labels.js';

const [MARGIN, WIDTH, SIZE] = [48, 595.28 - 96, 9] as const;
/** Item, quantity, price, amount. */
const COLUMNS = [0, 290, 350, 420] as const;

/** A document on paper (A4), in a font that sets Latin and Chinese (Noto Sans SC, SIL OFL 1.1; 7,900 characters). The same document gives the same pages. */
export async function renderPdf(document: InvoiceDocument, language: Language): Promise<Buffer> {
  const labels = LABELS[language];
  const title = `${document.type === 'INVOICE' ? labels.invoice : labels.creditNote} ${document.number}`;
  const issued = new Date(`${document.issuedOn}T00:00:00Z`);
  const pdf = new PDFDocument({ size: 'A4', margin: MARGIN, lang: labels.lang, displayTitle: true, info: { Title: title, Author: document.seller.name, CreationDate: issued, ModDate: issued } });
  const chunks: Buffer[] = [];
  const done = new Promise<Buffer>((resolve, reject) => pdf.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => resolve(Buffer.concat(chunks))).on('error', reject));
  pdf.registerFont('text', path.join(await packagedFolder('einvoice', 'fonts'), 'NotoSansSC-Regular.ttf'));
  pdf.font('text').fontSize(16).text(title).moveDown(0.5).fontSize(SIZE);
  for (const [label, value] of headLines(document, labels)) pdf.text(`${label}: ${value}`);
  const top = pdf.moveDown().y;
  pdf.text(`${labels.seller}\n${partyLines(document.seller).join('\n')}`, MARGIN, top, { width: WIDTH / 2 - 10 });
  const left = pdf.y;
  pdf.text(`${labels.buyer}\n${partyLines(document.buyer).join('\n')}`, MARGIN + WIDTH / 2, top, { width: WIDTH / 2 });
  pdf.y = Math.max(left, pdf.y);
  pdf.moveDown();
  const places = minorPlaces(document.currency);
  row(pdf, [labels.item, labels.quantity, labels.price, `${labels.amount} ${document.currency}`]);
  for (const line of document.lines) {
    row(pdf, [lineText(line), line.quantity, line.unitPrice, renderMinor(line.netMinor, places)]);
    for (const a of line.adjustments) row(pdf, [`  ${a.reason}`, '', '', renderMinor(a.kind === 'CHARGE' ? a.amountMinor : -a.amountMinor, places)]);
  }
  pdf.moveDown();
  for (const [label, value] of totalLines(document, labels)) row(pdf, [label, '', '', value]);
  pdf.moveDown();
  for (const text of [...document.taxes.map((t) => t.tax.reason), document.note, document.payment.terms]) if (text) pdf.text(text, MARGIN, pdf.y, { width: WIDTH });
  pdf.end();
  return done;
}

/** One row; it begins a page where it does not fit any more. */
function row(pdf: PDFKit.PDFDocument, cells: readonly [string, string, string, string]): void {
  const width = (i: number): number => (COLUMNS[i + 1] ?? WIDTH) - COLUMNS[i]! - 8;
  const wide = cells[1] === '' && cells[2] === '' ? [COLUMNS[3] - 60, 0, 0, WIDTH - COLUMNS[3] + 52] : cells.map((_, i) => width(i));
  const height = Math.max(...cells.map((cell, i) => (cell ? pdf.heightOfString(cell, { width: wide[i]! }) : 0)));
  if (pdf.y + height > pdf.page.height - MARGIN) pdf.addPage();
  const y = pdf.y;
  cells.forEach((cell, i) => {
    if (cell) pdf.text(cell, i === 3 ? MARGIN + WIDTH - wide[3]! : MARGIN + COLUMNS[i]!, y, { width: wide[i]!, align: i === 0 ? 'left' : 'right' });
  });
  pdf.y = y + height + 3;
  pdf.x = MARGIN;
}
