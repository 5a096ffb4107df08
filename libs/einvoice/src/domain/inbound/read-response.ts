import { all, first, textAt, type XmlElement } from '../xml/element.js';
import { isXmlProblem, readXml } from '../xml/read-xml.js';

/** Peppol BIS Message Level Response 3.0 and Invoice Response 3.1: UBL application responses. */
const MLR = 'urn:fdc:peppol.eu:poacc:trns:mlr:3';
const INVOICE_RESPONSE = 'urn:fdc:peppol.eu:poacc:trns:invoice_response:3';

export interface DocumentResponse {
  readonly id: string;
  readonly kind: 'MLR' | 'INVOICE_RESPONSE';
  /** Number of the document that is answered. */
  readonly documentNumber: string;
  /** Participants, scheme:value: who answers, and whom. */
  readonly from: string;
  readonly to: string | null;
  /** UNCL 4343, as far as both take it: AB acknowledged, AP accepted, RE rejected, and so on. */
  readonly code: string;
  readonly reason: string | null;
  /** What follows for the transmission; null where it stays where it is. */
  readonly event: 'deliver' | 'accept' | 'reject' | 'fail' | null;
}
/** IP in process, UQ under query and CA conditionally accepted say nothing final; PD (paid) is an acceptance. */
const EVENTS: Readonly<Record<DocumentResponse['kind'], Readonly<Record<string, DocumentResponse['event']>>>> = {
  MLR: { AB: 'deliver', AP: 'deliver', RE: 'fail' }, INVOICE_RESPONSE: { AB: 'deliver', IP: 'deliver', UQ: 'deliver', CA: 'deliver', AP: 'accept', PD: 'accept', RE: 'reject' },
};

function participant(root: XmlElement, party: string): string | null {
  const endpoint = first(root, `${party}/cbc:EndpointID`);
  return endpoint ? `${endpoint.attributes['schemeID'] ?? ''}:${endpoint.text.trim()}` : null;
}

/** Undefined where it is no such response. */
export function readResponse(xml: string): DocumentResponse | undefined {
  const root = readXml(xml);
  if (isXmlProblem(root) || root.name !== 'ar:ApplicationResponse') return undefined;
  const customization = textAt(root, 'cbc:CustomizationID') ?? '';
  const kind = customization.startsWith(MLR) ? 'MLR' : customization.startsWith(INVOICE_RESPONSE) ? 'INVOICE_RESPONSE' : undefined;
  const [id, response] = [textAt(root, 'cbc:ID'), all(root, 'cac:DocumentResponse')[0]];
  const [code, documentNumber] = [response && textAt(response, 'cac:Response/cbc:ResponseCode'), response && textAt(response, 'cac:DocumentReference/cbc:ID')];
  if (!kind || !id || !code || !documentNumber || EVENTS[kind][code] === undefined) return undefined;
  const [from, to] = [participant(root, 'cac:SenderParty'), participant(root, 'cac:ReceiverParty')];
  if (!from) return undefined;
  const reasons = [...all(response!, 'cac:Response/cbc:Description'), ...all(response!, 'cac:Response/cac:Status/cbc:StatusReason'), ...all(response!, 'cac:LineResponse/cac:Response/cbc:Description')].map((e) => e.text.trim()).filter(Boolean);
  return { id, kind, documentNumber, from, to, code, reason: reasons.join('; ').slice(0, 500) || null, event: EVENTS[kind][code] };
}
