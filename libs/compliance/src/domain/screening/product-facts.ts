import type { Classification } from '../classification.js';
import type { Leg } from '../law/engine.js';
import type { NamedFacts } from '../law/facts.js';
import { datasetFacts } from '../transfer.js';

/** What is known of a product while nobody buys it. */
export interface ProductFacts {
  /** ISO 3166-1 alpha-2: from where the data would leave. */
  readonly origin: string;
  /** ISO 3166-2. */
  readonly originProvince: string | null;
  /** ISO 3166-2 of the vendor's registration. */
  readonly registeredIn: string | null;
  readonly exporterIsCIIO: boolean;
  readonly exporterHasPRCEntity: boolean;
  readonly exporterZone: string | null;
  readonly exporterInGBA: boolean;
  readonly datasets: readonly Classification[];
}

/**
 * What the law can be asked of a product alone: for each dataset every place that it came from. Destination, recipient, purpose, volume and
 * mechanisms are not known. The vendor's standing takes his products off the list by itself and is no matter of this question.
 */
export function productLegs(facts: ProductFacts): Leg[] {
  const shared: NamedFacts = {
    originProvince: facts.originProvince, registeredIn: facts.registeredIn, exporterIsCIIO: facts.exporterIsCIIO, exporterHasPRCEntity: facts.exporterHasPRCEntity, zone: facts.exporterZone, exporterInGBA: facts.exporterInGBA,
    sellerVerified: true, usPersonSeller: facts.origin === 'US', actor: 'trader', service: 'data_trade', mechanisms: {}, mechanismsUnknown: true,
  };
  return facts.datasets.flatMap((dataset) => {
    const known = { ...shared, ...datasetFacts(dataset) };
    const upstream = (dataset.upstream ?? []).filter((u) => u.jurisdiction !== facts.origin);
    return [{ origin: facts.origin, facts: { ...known, origin: facts.origin, upstream: false } },
      ...upstream.map((u) => ({ origin: u.jurisdiction, facts: { ...known, origin: u.jurisdiction, upstream: true, upstreamNoOnwardClause: u.noOnwardClause ?? undefined } }))];
  });
}
