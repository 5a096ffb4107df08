export { makeSamples, type Sample } from './samples/make-samples.js';
