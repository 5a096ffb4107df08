import { checkClassification, type Classification, MAX_PERSONS } from './classification.js';
import { dataset } from '../../../../test/support/transfers.js';

const paths = (over: Partial<Classification>): string[] => checkClassification(dataset(over)).map((p) => p.path);

describe('classification', () => {
  it.each<[string, Partial<Classification>]>([
    ['plain', {}], ['personal', { persons: 5n, sensitivePersons: MAX_PERSONS }], ['anonymised with evidence', { anonymisation: 'anonymised', anonymisationEvidence: 'report 7' }],
    ['de-identified, counted', { anonymisation: 'deidentified', persons: 3n }], ['important, not notified', { level: 'important' }], ['important, notified', { level: 'important', importantDataNotified: true }],
    ['overseas with mainland data', { collectedIn: 'overseas', domesticDataAdded: true }],
  ])('accepts %s', (_, over) => expect(paths(over)).toEqual([]));

  it.each<[string, Partial<Classification>, string]>([
    ['a negative count', { persons: -1n }, 'persons'], ['a negative sensitive count', { sensitivePersons: -1n }, 'sensitivePersons'], ['more persons than live', { persons: MAX_PERSONS + 1n }, 'persons'],
    ['anonymised without evidence', { anonymisation: 'anonymised' }, 'anonymisationEvidence'], ['anonymised with blank evidence', { anonymisation: 'anonymised', anonymisationEvidence: ' ' }, 'anonymisationEvidence'],
    ['evidence of nothing', { anonymisationEvidence: 'report 7' }, 'anonymisation'], ['de-identified without persons', { anonymisation: 'deidentified' }, 'persons'],
    ['general, yet notified as important', { importantDataNotified: true }, 'level'], ['mainland data added to mainland data', { domesticDataAdded: true }, 'domesticDataAdded'],
    ['an empty source statement', { sourceStatement: ' \n' }, 'sourceStatement'], ['an endless source statement', { sourceStatement: 'x'.repeat(5_001) }, 'sourceStatement'], ['a sector that is no word', { sector: 'Retail!' }, 'sector'],
  ])('refuses %s', (_, over, path) => expect(paths(over)).toEqual([path]));
});
