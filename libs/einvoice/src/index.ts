export { EinvoiceModule } from './einvoice.module.js';
export { makeSamples, type Sample } from './samples/make-samples.js';
