import { buyProduct, planOf } from '../../dist/apps/demo/src/buy-product.js';
import { listProduct } from '../../dist/apps/demo/src/list-product.js';

/** Lists the file, buys it, pays: everything through the public API. */
export async function licence(actors, title, file) {
  const product = await listProduct(actors, { title, description: title, themes: ['TECH'], datasets: [{ title, description: title, file, sourceStatement: 'Made by this bench' }] }, title, () => undefined);
  const bought = await buyProduct(actors, product.id, { title, plans: [planOf('SGD', 'P30D', '100', '0')], purposes: ['RESEARCH'], destinations: ['SG'] }, title);
  return { licenceId: bought.licenceId, assetId: product.assets[0].id };
}
