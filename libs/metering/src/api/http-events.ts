import type { IncomingHttpHeaders } from 'node:http';

export interface GivenEvents {
  readonly batched: boolean;
  readonly events: readonly unknown[];
}

const PREFIX = 'ce-';

/** The events of a request by the HTTP binding of CloudEvents 1.0, each in the form of its JSON format; null where it holds none. */
export function eventsOf(headers: IncomingHttpHeaders, body: unknown): GivenEvents | null {
  const type = (headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
  if (type === 'application/cloudevents-batch+json') return Array.isArray(body) ? { batched: true, events: body } : null;
  if (type === 'application/cloudevents+json') return { batched: false, events: [body] };
  return type === 'application/json' && headers['ce-specversion'] !== undefined ? { batched: false, events: [binary(headers, body)] } : null;
}

/** Binary mode: attributes are header fields, with what is no printable ASCII percent-encoded (HTTP binding, 3.1.3.2). */
function binary(headers: IncomingHttpHeaders, data: unknown): object {
  const attributes = Object.entries(headers).flatMap(([name, value]) => (name.startsWith(PREFIX) && typeof value === 'string' ? [[name.slice(PREFIX.length), decoded(value)]] : []));
  return { ...Object.fromEntries(attributes), datacontenttype: 'application/json', data };
}
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
