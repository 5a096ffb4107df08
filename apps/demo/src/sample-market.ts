import { type Actors, assemble } from './actors.js';
import { planOf } from './buy-product.js';
import { listProduct, type ProductPlan } from './list-product.js';

const OPEN_DATA = 'Collected outside mainland China by a public body and published as open data; redistributed by the npm package vega-datasets under its licence notes.';

/** Real data sets, listed through the gate like any other product. */
const PRODUCTS: readonly { readonly plan: ProductPlan; readonly offer: object }[] = [
  {
    plan: {
      title: 'Airports and hourly weather normals 美国机场与逐时气象', themes: ['TRAN', 'ENVI'],
      description: 'Airports of the United States with coordinates, and hourly climate normals for Seattle: for route planning and delay models.',
      datasets: [
        { title: 'Airports', description: 'IATA code, name, city, state and coordinates.', file: 'airports.csv', sourceStatement: OPEN_DATA },
        { title: 'Hourly normals', description: 'Temperature, wind and pressure, hour by hour.', file: 'seattle-weather-hourly-normals.csv', sourceStatement: OPEN_DATA },
      ],
    },
    offer: { title: 'One year, research', plans: [planOf('SGD', 'P1Y', '45000', '0.80')], purposes: ['RESEARCH', 'ANALYTICS'], destinations: ['SG', 'HK'] },
  },
  {
    plan: {
      title: 'Bird strikes on aircraft 飞机鸟击记录', themes: ['TRAN'],
      description: 'Reported bird strikes with airport, aircraft, phase of flight, damage and cost: for insurance and airport safety.',
      datasets: [{ title: 'Strikes', description: 'One row a report.', file: 'birdstrikes.csv', sourceStatement: OPEN_DATA }],
    },
    offer: { title: 'Half a year', plans: [planOf('CNY', 'P180D', '1200000', '15.5')], purposes: ['RESEARCH', 'ANALYTICS', 'PRODUCT_DEVELOPMENT'], destinations: ['SG', 'HK', 'JP'] },
  },
  {
    plan: {
      title: 'Flight delays, 200,000 flights 航班延误', themes: ['TRAN', 'ECON'],
      description: 'Delay, distance and time of day of 200,000 flights in Apache Arrow: loads in milliseconds.',
      datasets: [{ title: 'Flights', description: 'Delay in minutes, distance in miles, time of day.', file: 'flights-200k.arrow', sourceStatement: OPEN_DATA }],
    },
    offer: { title: 'Two years, unlimited downloads', plans: [planOf('HKD', 'P2Y', '880000', '0')], purposes: ['RESEARCH', 'ANALYTICS'], destinations: ['SG', 'HK'] },
  },
];

/** Fills an empty exchange. Its keys are fixed, so a fill that was cut short goes on where it stopped. */
export async function fillSampleMarket(url: string, since: Date, tell: (line: string) => void): Promise<Actors> {
  const actors = await assemble(url, 'sample-market-1', since);
  tell(`organisations verified: ${Object.values(actors.organisations).map((o) => `${o.legalName} (${o.jurisdiction})`).join(', ')}`);
  for (const [index, { plan, offer }] of PRODUCTS.entries()) {
    const product = await listProduct(actors, plan, `market-${index}`, () => undefined);
    await actors.vendor.mutate('createOffer', 'Offer', 'id', { productId: product.id, ...offer }, `market-${index}:offer`);
    tell(`listed: ${plan.title}`);
  }
  return actors;
}
