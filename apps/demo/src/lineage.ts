import type { Actors } from './actors.js';
import type { Story } from './story.js';

const LINEAGE = `query Lineage($tradeId: ID!) {
  tradeLineage(tradeId: $tradeId) {
    vendor { legalName assuranceLevel } buyer { legalName assuranceLevel } product { title }
    listing { step passed recordedBy }
    decisions { stage outcome permitted reasons { citation confidence } }
    agreement { hash concludedAt } licence { state validUntil }
    trade { kind state gross { formatted } } tradesOfAgreement { kind state }
    receipts { id sha256 bytes } usage { meter quantity receiptId }
    invoices { number total { formatted } } payments { state provider amount { formatted } }
    journals { kind postings { kind amount { formatted } } }
    payout { state amount { formatted } } certificate { issuedAt }
    audit { act recordedAt subject }
  }
  verifyAuditLog { intact seals entries unsealed findings { problem detail } }
}`;

interface Lineage {
  readonly tradeLineage: {
    vendor: { legalName: string }; buyer: { legalName: string }; product: { title: string }; listing: { step: string; passed: boolean }[]; decisions: { stage: string; outcome: string; permitted: boolean }[];
    agreement: { hash: string }; licence: { state: string }; trade: { kind: string; state: string; gross: { formatted: string } }; tradesOfAgreement: { kind: string; state: string }[];
    receipts: unknown[]; usage: unknown[]; invoices: { number: string; total: { formatted: string } }[]; payments: { state: string; amount: { formatted: string } }[];
    journals: { kind: string; postings: { kind: string; amount: { formatted: string } }[] }[]; payout: { state: string; amount: { formatted: string } }; certificate: { issuedAt: string } | null; audit: { act: string }[];
  };
  readonly verifyAuditLog: { intact: boolean; seals: string; entries: string; unsealed: number };
}

/** The auditor follows the trade in one query. */
export async function tellLineage(actors: Actors, tradeId: string, story: Story): Promise<void> {
  const { tradeLineage: l, verifyAuditLog: log } = await actors.auditor.query<Lineage>(LINEAGE, { tradeId });
  story.tell(`${l.vendor.legalName} sold "${l.product.title}" to ${l.buyer.legalName}`);
  story.tell(`gate: ${l.listing.map((s) => `${s.step}${s.passed ? '' : ' failed'}`).join(' > ')}`);
  story.tell(`decisions: ${l.decisions.map((d) => `${d.stage.toLowerCase()} ${d.outcome}`).join(', ')}`);
  story.tell(`agreement ${l.agreement.hash.slice(0, 16)}…, licence ${l.licence.state}; trades ${l.tradesOfAgreement.map((t) => `${t.kind} ${t.state}`).join(', ')}`);
  story.tell(`${l.receipts.length} receipts, ${l.usage.length} usage events; invoices ${l.invoices.map((i) => `${i.number} ${i.total.formatted}`).join(', ')}; payments ${l.payments.map((p) => `${p.amount.formatted} ${p.state}`).join(', ')}`);
  for (const j of l.journals) story.tell(`journal ${j.kind}: ${j.postings.map((p) => `${p.kind} ${p.amount.formatted}`).join(' | ')}`);
  story.tell(`payout ${l.payout.amount.formatted} ${l.payout.state}; certificate of ${l.certificate?.issuedAt}`);
  story.tell(`${l.audit.length} lines in the log: ${[...new Set(l.audit.map((a) => a.act))].join(', ')}`);
  story.check(log.intact, `the audit log verifies: ${log.entries} entries under ${log.seals} seals, ${log.unsealed} waiting for the next`);
}
