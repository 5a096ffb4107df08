/** Each query finds the rows that break an invariant of the domain; a house in order answers none. */
const BREACHES: Readonly<Record<string, string>> = {
  'I1 a journal sums to zero per currency': 'select journal_id from settlement.posting group by journal_id, currency having sum(amount_minor) <> 0',
  'I1 a kept balance is the sum of its postings': `select g.account_id from settlement.guarded_balance g left join settlement.posting p on p.account_id = g.account_id group by g.account_id, g.owed_minor
    having g.owed_minor <> -coalesce(sum(p.amount_minor), 0)`,
  'I2 a delivery stands on a decision of that day that permits it': `select d.id from delivery.delivery d left join compliance.decision c on c.id = d.decision_id and c.object_id = d.id::text and c.stage = 'DELIVERY' and c.permitted where c.id is null`,
  'I2 and on a licence in force': `select d.id from delivery.delivery d join contracts.licence l on l.id = d.licence_id where l.state = 'PENDING' or d.requested_at < l.valid_from or d.requested_at >= l.valid_until`,
  'I3 a completed delivery has one receipt, one that is not has none': `select d.id from delivery.delivery d left join delivery.receipt r on r.delivery_id = d.id group by d.id, d.completed_at
    having count(r.id) <> (case when d.completed_at is null then 0 else 1 end)`,
  'I3 a receipt counts once as a download, and its bytes once': `select r.id from delivery.receipt r left join metering.usage_event u on u.receipt_id = r.id group by r.id, r.bytes
    having count(*) filter (where u.meter = 'downloads') <> 1 or sum(u.quantity) filter (where u.meter = 'downloads') <> 1 or sum(u.quantity) filter (where u.meter = 'bytes') is distinct from r.bytes`,
  'I3 what is billed is what was delivered, or what its vendor reported': `select b.licence_id from billing.billed_usage b left join delivery.receipt r on r.id = b.receipt_id and r.licence_id = b.licence_id
    where r.id is null and not exists (select 1 from delivery.call_receipt c where c.id = b.receipt_id and c.licence_id = b.licence_id) and not exists (select 1 from metering.usage_event u where u.licence_id = b.licence_id and u.source = b.source and u.event_id = b.event_id and u.reported_by is not null and b.receipt_id is null)`,
  'I3 a receipt over calls is its events, each call once': `select r.id from delivery.call_receipt r left join metering.usage_event u on u.receipt_id = r.id group by r.id, r.calls, r.bytes
    having coalesce(sum(u.quantity) filter (where u.meter = 'calls'), 0) <> r.calls or coalesce(sum(u.quantity) filter (where u.meter = 'bytes'), 0) <> r.bytes`,
  'I3 a call is charged as it is listed, and one that is not is free': `select c.id from delivery.api_call c left join metering.usage_event u on u.licence_id = c.licence_id and u.source = 'urn:entrepot:api' and u.event_id = c.id::text
    where (c.outcome = 'CHARGED') <> (u.id is not null) or c.calls <> coalesce(u.quantity, 0)`,
  'I3 a charged call is listed, or still under way': `select u.id from metering.usage_event u where u.source = 'urn:entrepot:api' and u.meter = 'calls' and not exists (select 1 from delivery.api_call c where c.licence_id = u.licence_id and c.id::text = u.event_id)
    and not exists (select 1 from delivery.open_call o where o.id::text = u.event_id)`,
  'I2 calls stand on a decision that permits them': `select a.licence_id from delivery.api_access a left join compliance.decision c on c.id = a.decision_id and c.object_id = a.licence_id::text and c.stage = 'DELIVERY' and c.permitted where c.id is null`,
  'I3 a closing charges the quantity of its events': `select p.id from billing.usage_period p
    where (select coalesce(sum(b.quantity), 0) from billing.billed_usage b where b.period_id = p.id) <> (select coalesce(sum(c.quantity), 0) from billing.charge c where c.closing_id = p.id) or (select count(*) from billing.billed_usage b where b.period_id = p.id) <> p.event_count`,
  'I4 a closing asks for what it charges': `select p.id from billing.usage_period p join billing.invoice i on i.id = p.invoice_id where i.net_minor <> (select coalesce(sum(c.net_minor), 0) from billing.charge c where c.closing_id = p.id) - (select coalesce(sum(u.net_minor), 0) from billing.credit_use u where u.reference = 'usage:' || p.id)`,
  'I4 what is paid in advance has a period of its own': `select t.id from settlement.trade t left join billing.opened_period o on o.trade_id = t.id and o.licence_id = t.licence_id where t.kind = 'SUBSCRIPTION' and o.trade_id is null`,
  'I4 an invoice is its lines and its tax': `select i.id from billing.invoice i left join billing.invoice_line l on l.invoice_id = i.id group by i.id, i.net_minor, i.tax_minor, i.total_minor having sum(l.net_minor) is distinct from i.net_minor or i.total_minor <> i.net_minor + i.tax_minor`,
  'I4 numbers have no gap per issuer and series': 'select issuer_id, series from billing.invoice group by issuer_id, series having max(number) <> count(*) or min(number) <> 1',
  'I4 an invoice asks for what its trade is worth': `select i.id from billing.invoice i join settlement.trade t on t.id = i.trade_id where i.kind in ('PURCHASE', 'SUBSCRIPTION', 'USAGE') and i.total_minor <> t.gross_minor`,
  'I4 credit notes take back what went back, once there is an invoice': `select i.id from billing.invoice i left join settlement.reversal r on r.trade_id = i.trade_id where i.corrects_id is null group by i.id
    having coalesce(sum(case i.kind when 'COMMISSION' then r.commission_minor else r.net_minor + r.tax_minor end), 0) <> coalesce((select sum(c.total_minor) from billing.invoice c where c.corrects_id = i.id), 0)`,
  'I5 what goes back is refunded once, and booked as it is paid': `select r.id from settlement.reversal r left join billing.refund f on f.id = r.id where (f.id is null) <> (r.cause = 'CHARGEBACK') or f.amount_minor <> r.net_minor + r.tax_minor
    or (select count(*) filter (where j.kind = 'REFUND_CONFIRMED') - count(*) filter (where j.kind = 'REFUND_RETURNED') from settlement.journal j where j.reference_id = r.id) <> case f.state when 'SUCCEEDED' then 1 else 0 end`,
  'I1 escrow holds what is in and did not leave': `select t.buyer_id, t.currency from settlement.trade t where t.funded_at is not null group by t.buyer_id, t.currency
    having sum(case when t.cleared_at is null then t.gross_minor - t.reversed_net_minor - t.reversed_tax_minor else 0 end)
      <> coalesce((select sum(-p.amount_minor) from settlement.posting p join settlement.account a on a.id = p.account_id where a.kind = 'ESCROW' and a.owner_id = t.buyer_id and a.currency = t.currency), 0)`,
  'I5 nobody is paid before money and acceptance are in': `select t.id from settlement.trade t left join billing.payment p on p.id = t.payment_id and p.trade_id = t.id and p.state = 'SUCCEEDED' and p.amount_minor = t.gross_minor
    where t.state in ('CLEARED', 'SETTLED') and (p.id is null or t.accepted_at is null or p.ended_at > t.cleared_at or t.accepted_at > t.cleared_at)`,
  'I5 a payout is what its trades leave the vendor': `select o.id from settlement.payout o join settlement.trade t on t.cycle_id = o.cycle_id and t.vendor_id = o.vendor_id group by o.id, o.amount_minor having sum(t.net_minor - t.commission_minor) - coalesce(sum((select sum(r.net_minor - r.commission_minor) from settlement.reversal r where r.trade_id = t.id and not r.after_clearing)), 0)
      <> o.amount_minor + (select s.recovered_minor from settlement.clearing_statement s where s.payout_id = o.id)`,
  'I5 what a vendor owes is what was taken back of him and not recovered': `select a.owner_id, a.currency from settlement.account a join settlement.guarded_balance g on g.account_id = a.id where a.kind = 'VENDOR_RECEIVABLE'
    and -g.owed_minor <> coalesce((select sum(r.clawback_minor) from settlement.reversal r where r.vendor_id = a.owner_id and r.currency = a.currency), 0) - coalesce((select sum(s.recovered_minor) from settlement.clearing_statement s where s.vendor_id = a.owner_id and s.currency = a.currency), 0)`,
  'I5 a trade is funded and cleared once': `select trade_id, kind from settlement.journal where kind in ('FUND', 'CLEAR') group by trade_id, kind having count(*) <> 1`,
  'I6 a trade has one audit line for each step to its state, each from where the one before led': `select t.id from settlement.trade t where t.state <> coalesce((select e.details ->> 'to' from audit.entry e where e.object_id = t.id::text and e.details ? 'to' order by e.recorded_at desc, e.id desc limit 1), 'EXECUTED')
    or exists (select 1 from (select e.details ->> 'from' as from_state, lag(e.details ->> 'to', 1, 'EXECUTED') over (order by e.recorded_at, e.id) as before from audit.entry e where e.object_id = t.id::text and e.details ? 'to') s where s.from_state <> s.before)`,
  'I5 a chargeback is booked as it stands': `select c.id from billing.chargeback c where (select coalesce(string_agg(j.kind, ',' order by j.kind), '') from settlement.journal j where j.reference_id = c.id)
    <> case c.state when 'OPEN' then 'CHARGEBACK_TAKEN' when 'WON' then 'CHARGEBACK_TAKEN,CHARGEBACK_WON' else 'CHARGEBACK_LOST,CHARGEBACK_TAKEN' end`,
  'I5 a dispute that has not ended holds its trade, and a freeze too': `select t.id from settlement.trade t left join settlement.dispute d on d.trade_id = t.id and d.ended_at is null left join settlement.intervention f on f.trade_id = t.id and f.kind = 'FREEZE' and f.ended_at is null
    where (t.disputed_from is not null) <> (d.id is not null) or (t.frozen_from is not null) <> (f.id is not null)`,
  'I6 so have products': `select p.id from catalog.product p where p.state <> coalesce((select e.details ->> 'to' from audit.entry e where e.object_id = p.id::text and e.details ? 'to' order by e.recorded_at desc, e.id desc limit 1), 'DRAFT')`,
  'I6 and licences': `select l.id from contracts.licence l where l.state <> coalesce((select e.details ->> 'to' from audit.entry e where e.object_id = l.id::text and e.details ? 'to' order by e.recorded_at desc, e.id desc limit 1), 'PENDING')`,
  'I9 a key that was answered has its answer': `select key from shared.idempotency_key where answer is null`,
  'I10 what is listed has each step that is demanded': `select p.id from catalog.product p where p.state = 'LISTED' and (cardinality(p.demanded_steps) = 0
    or exists (select 1 from unnest(p.demanded_steps) s where not exists (select 1 from catalog.gate_record r where r.product_id = p.id and r.submission = p.submission and r.step = s and r.passed)))`,
  'a year is the sum of its movements': `select y.exporter_id, y.year from compliance.volume_year y left join compliance.volume_movement m on m.exporter_id = y.exporter_id and m.year = y.year group by y.exporter_id, y.year
    having (y.reserved_persons, y.reserved_sensitive_persons, y.confirmed_persons, y.confirmed_sensitive_persons) is distinct from (
      coalesce(sum(case m.kind when 'RESERVE' then m.persons else -m.persons end), 0), coalesce(sum(case m.kind when 'RESERVE' then m.sensitive_persons else -m.sensitive_persons end), 0),
      coalesce(sum(m.persons) filter (where m.kind = 'CONFIRM'), 0), coalesce(sum(m.sensitive_persons) filter (where m.kind = 'CONFIRM'), 0))`,
  'what has begun to leave is confirmed': `select d.id from delivery.delivery d join compliance.decision c on c.id = d.decision_id where d.started_at is not null and exists (
      select 1 from compliance.volume_movement m where m.order_decision_id = c.prior_decision_id and m.year = (select max(r.year) from compliance.volume_movement r where r.order_decision_id = c.prior_decision_id and r.kind = 'RESERVE' and r.moved_at <= c.decided_at)
      having sum(case m.kind when 'RESERVE' then m.persons + m.sensitive_persons else -m.persons - m.sensitive_persons end) <> 0)`,
  'a credit is set off for what it is at the most': `select c.id from billing.credit c join billing.credit_use u on u.credit_id = c.id and u.released_at is null group by c.id, c.net_minor having sum(u.net_minor) > c.net_minor`,
  'an offer waits for its second signature, or does not': `select o.id from contracts.offer o left join contracts.offer_signing s on s.offer_id = o.id where (o.state = 'AWAITING_SIGNATURE') <> (s.offer_id is not null and s.closed_at is null)`,
  'no message is left over': 'select subscriber, last_error from shared.outbox_delivery',
};

/** The broken invariants with the rows that break them; `{}` when everything holds. */
export async function brokenInvariants(exchange: { readonly owner: { query(sql: string): Promise<unknown> } }): Promise<Record<string, unknown[]>> {
  const found: Record<string, unknown[]> = {};
  for (const [name, sql] of Object.entries(BREACHES)) {
    const rows = (await exchange.owner.query(sql)) as unknown[];
    if (rows.length) found[name] = rows;
  }
  return found;
}

/** Those of the money alone, for stories whose deliveries are written straight into the tables. */
export async function brokenMoney(exchange: Parameters<typeof brokenInvariants>[0]): Promise<Record<string, unknown[]>> {
  return Object.fromEntries(Object.entries(await brokenInvariants(exchange)).filter(([name]) => /^I[145] |^I6 a trade/.test(name)));
}
