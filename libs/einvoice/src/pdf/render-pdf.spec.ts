import { FLOWS } from '../samples/flows.js';
import { makeDocument } from '../samples/make-document.js';
import { Random } from '../samples/random.js';
import { renderPdf } from './render-pdf.js';

const document = makeDocument(new Random(3), 1, FLOWS[0]!, 'CNY', { type: 'INVOICE', issuedBy: 'SELLER' });
describe('an invoice on paper', () => {
  it.each(['en', 'zh'] as const)('is a PDF with its font in it, in %s', async (language) => {
    const pdf = await renderPdf(document, language);
    const text = pdf.toString('latin1');
    expect([text.slice(0, 5), text.includes('/FontFile2'), text.trimEnd().endsWith('%%EOF')]).toEqual(['%PDF-', true, true]);
    // The characters that are set, and not the whole font.
    expect(pdf.length).toBeLessThan(100_000);
  });
  it('goes on over pages', async () => {
    const line = document.lines[0]!;
    const pdf = (await renderPdf({ ...document, lines: Array.from({ length: 200 }, (_, i) => ({ ...line, id: String(i) })) }, 'zh')).toString('latin1');
    expect(pdf.match(/\/Type \/Page\b(?!s)/g)!.length).toBeGreaterThan(2);
  });
});
