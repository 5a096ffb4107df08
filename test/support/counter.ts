import type { GraphClient } from './client.js';
import type { Outside } from './market.js';
import { done, hire, type Market } from './market.js';

export const PDF = Buffer.from('%PDF-1.7\nevidence\n');

/** Sends a document of evidence. */
export const putDocument = (client: GraphClient, caseId: string, name: string, kind: string, content: Buffer = PDF, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${client.url}/v1/cases/${caseId}/documents/${encodeURIComponent(name)}?kind=${kind}`, { method: 'PUT', headers: client.headers({ 'content-type': 'application/octet-stream', ...headers }), body: new Uint8Array(content) });

/** Adds a document that must be taken; answers its id. */
export async function addDocument(client: GraphClient, caseId: string, kind: string, name = `${kind.toLowerCase()}.pdf`): Promise<string> {
  const response = await putDocument(client, caseId, name, kind);
  if (response.status !== 201) throw new Error(`${name}: ${response.status} ${await response.text()}`);
  return ((await response.json()) as { id: string }).id;
}

/** Somebody at the counter, who does what must succeed. */
export class AtCounter {
  constructor(private readonly client: GraphClient, readonly caseId: string) {}

  async move(event: string, over: object = {}): Promise<string> {
    return (await done<{ state: string }>(this.client, 'moveCase', 'Case', 'state', { caseId: this.caseId, event, ...over })).state;
  }
  add(kind: string, name?: string): Promise<string> {
    return addDocument(this.client, this.caseId, kind, name);
  }
  check(documentId: string, accept = true): Promise<{ state: string }> {
    return done(this.client, 'checkCaseDocument', 'CaseDocument', 'state', { documentId, accept, reason: 'seen' });
  }
}

export const openCase = async (client: GraphClient, input: object): Promise<string> => (await done(client, 'openCase', 'Case', 'id', input)).id;

/** A second compliance officer, who grants what the first has checked. */
export const secondOfficer = (exchange: Outside, { admin }: Pick<Market, 'admin'>): Promise<GraphClient> => hire(exchange, admin, 'second-officer', 'COMPLIANCE_OFFICER');
