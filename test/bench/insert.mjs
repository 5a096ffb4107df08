import { cpuSeconds } from './support.mjs';
import { seedList, signIn } from './list20.mjs';

const COUNT = 1_000;
const AT_ONCE = 8;
const MUTATION = 'mutation($input: CreateProductInput!) { createProduct(input: $input) { __typename ... on Product { id } ... on Problem { code message } } }';

/** 1,000 products described through the API, each in a request of its own with everything that a product says of itself. By wall clock, and by what one core of the server would do. */
export async function insert1000({ url, server, sql }) {
  await seedList(sql);
  await sql.query(`update identity.member set roles = '{VENDOR_MANAGER}' where subject = 'bench-buyer-7'`);
  const token = await signIn(url, 'bench-buyer-7');
  let made = 0;
  const one = async (i) => {
    const input = { title: `Port calls of ${i}`, description: 'One row for each call of a vessel, with its berth and its cargo', themes: ['TRAN', 'ECON'], keywords: ['port', 'vessel'], language: 'en', exporterIsCIIO: false, exporterHasPRCEntity: true, translations: [{ language: 'zh', title: `港口停靠 ${i}`, description: '每次停靠一行', keywords: ['港口'] }] };
    const response = await fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }, body: JSON.stringify({ query: MUTATION, variables: { input } }) });
    const { data, errors } = await response.json();
    if (data?.createProduct?.__typename !== 'Product') throw new Error(JSON.stringify(errors ?? data));
    made += 1;
  };
  const run = async (count) => {
    let next = 0;
    await Promise.all(Array.from({ length: AT_ONCE }, async () => { while (next < count) await one(next++); }));
  };
  await run(100);
  const [before, begin] = [await cpuSeconds(server.pid), performance.now()];
  await run(COUNT);
  const seconds = (performance.now() - begin) / 1_000;
  const cpu = (await cpuSeconds(server.pid)) - before;
  if (made !== COUNT + 100) throw new Error(`${made} were made`);
  return [
    { name: 'catalog.insert1000', value: COUNT / seconds, unit: 'products/s', reference: 'target', referenceValue: 150, ratio: COUNT / seconds / 150, target: 1 },
    { name: 'catalog.insert1000.core', value: COUNT / cpu, unit: 'products per CPU second of the server', reference: 'target', referenceValue: 150, ratio: COUNT / cpu / 150, target: 1 },
  ];
}
