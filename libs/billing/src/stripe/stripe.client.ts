import Stripe from 'stripe';
import type { Config } from '#shared';

/** Stripe answers in well under this; a longer wait would hold the buyer's request. */
const TIMEOUT_MS = 10_000;
const NETWORK_RETRIES = 2;

/** The library's client, on the API version that the library was made for. STRIPE_API_URL names another host, for a proxy or a double. */
export function stripeClient(config: Config): Stripe {
  if (!config.STRIPE_SECRET_KEY) throw new Error('STRIPE_SECRET_KEY: needed with PAYMENT_PROVIDER=stripe');
  const url = config.STRIPE_API_URL ? new URL(config.STRIPE_API_URL) : null;
  const place = url ? { host: url.hostname, port: url.port || (url.protocol === 'https:' ? '443' : '80'), protocol: url.protocol === 'https:' ? ('https' as const) : ('http' as const) } : {};
  return new Stripe(config.STRIPE_SECRET_KEY, { ...place, apiVersion: Stripe.API_VERSION, timeout: TIMEOUT_MS, maxNetworkRetries: NETWORK_RETRIES, telemetry: false });
}
