/** One sum over all postings of a journal, whatever its journal says. */
const BOOKED = `select journal_id, recorded_at, min(effective_at) as first_effective_at, max(effective_at) as last_effective_at, count(*) as postings,
  string_agg(settlement.posting_text(line, account_id, amount_minor, currency), ';' order by line) as lines from settlement.posting group by journal_id, recorded_at`;
const OF_ACCOUNT = `select account_id, sum(amount_minor) filter (where amount_minor > 0) as debit, sum(amount_minor) filter (where amount_minor < 0) as credit, sum(amount_minor) as balance from settlement.posting group by account_id`;

/** What refuses a breach, by table: without one of them a ledger that is right today may not be tomorrow. */
const GUARDS = `(values ('settlement.journal', 'journal_rules'), ('settlement.journal', 'journal_is_history'), ('settlement.journal', 'journal_is_kept'),
  ('settlement.posting', 'posting_rules'), ('settlement.posting', 'posting_is_history'), ('settlement.posting', 'posting_is_kept'),
  ('settlement.account', 'accounts_are_guarded'), ('settlement.account', 'account_is_history'), ('settlement.account', 'account_is_kept'),
  ('settlement.account_limit', 'account_limit_is_history'), ('settlement.account_limit', 'account_limit_is_kept'),
  ('settlement.balance_snapshot', 'balance_snapshot_is_history'), ('settlement.balance_snapshot', 'balance_snapshot_is_kept'), ('settlement.kind_total', 'kind_total_is_kept'),
  ('settlement.ledger_seal', 'ledger_seal_is_history'), ('settlement.ledger_seal', 'ledger_seal_is_kept'), ('settlement.ledger_clock', 'ledger_clock_is_kept'))`;

/** Each answers the culprits in words; a ledger that is right answers none. They read the tables alone, and take nothing of what is kept for granted. */
export const LEDGER_CHECKS = {
  'every journal sums to zero in each currency':
    `select format('journal %s sums to %s %s', journal_id, sum(amount_minor), currency) as culprit from settlement.posting group by journal_id, currency having sum(amount_minor) <> 0`,
  'every journal and its postings are what its digest says':
    `select case when j.id is null then format('%s postings of journal %s, which is not there as of %s', p.postings, p.journal_id, p.recorded_at)
       when p.journal_id is null then format('journal %s (%s) has no postings', j.id, j.idempotency_key)
       when p.first_effective_at <> j.effective_at or p.last_effective_at <> j.effective_at then format('journal %s (%s): a posting counts from another moment', j.id, j.idempotency_key)
       else format('journal %s (%s) or one of its postings was changed', j.id, j.idempotency_key) end as culprit
     from (${BOOKED}) p full join settlement.journal j on j.id = p.journal_id and j.recorded_at = p.recorded_at
     where j.id is null or p.journal_id is null or p.first_effective_at <> j.effective_at or p.last_effective_at <> j.effective_at
       or j.digest <> settlement.journal_digest(j.id, j.idempotency_key, j.kind, j.trade_id, j.payout_id, j.reference_type, j.reference_id, j.effective_at, j.recorded_at, p.lines)`,
  'the chain over all journals is unbroken':
    `select format('seal %s (until %s) is not what its %s journals and the seal before say', s.number, s.until, s.journals) as culprit
     from (select *, lag(until, 1, '-infinity') over (order by number) as since, lag(head, 1, ''::bytea) over (order by number) as before, lag(number, 1, 0::bigint) over (order by number) as previous from settlement.ledger_seal) s
     cross join lateral (select count(*) as journals, coalesce(string_agg(j.digest, ''::bytea order by j.recorded_at, j.id), ''::bytea) as digests from settlement.journal j where j.recorded_at >= s.since and j.recorded_at < s.until) j
     where s.number <> s.previous + 1 or j.journals <> s.journals or s.head <> sha256(s.before || j.digests)
     union all
     select format('journal %s was recorded in time that is closed, and no seal covers it', j.id) from settlement.journal j
     where j.recorded_at >= (select coalesce(max(until), '-infinity') from settlement.ledger_seal) and j.recorded_at < (select rolled_until from settlement.ledger_clock)`,
  'every posting stands on an account of its currency':
    `select format('posting %s of journal %s: account %s is not there, or not in %s', p.line, p.journal_id, p.account_id, p.currency) as culprit
     from settlement.posting p left join settlement.account a on a.id = p.account_id and a.currency = p.currency where a.id is null`,
  'every amount is one, and nothing counts before it is recorded':
    `select format('posting %s of journal %s: %s, from %s, recorded %s', line, journal_id, amount_minor, effective_at, recorded_at) as culprit
     from settlement.posting where amount_minor = 0 or abs(amount_minor) > 1000000000000000 or effective_at > recorded_at`,
  'every idempotency key was taken once':
    `select format('key %s: %s journals', idempotency_key, count(*)) as culprit from settlement.journal group by idempotency_key having count(*) > 1
     union all
     select 'the unique index on the keys of journals is missing' where not exists (select 1 from pg_index i where i.indrelid = 'settlement.journal'::regclass and i.indisunique and i.indisvalid and i.indisready
       and (select array_agg(a.attname::text) from pg_attribute a where a.attrelid = i.indrelid and a.attnum = any(i.indkey)) = '{idempotency_key}')`,
  'every journal is of a kind that is known, and names what it is about':
    `select format('journal %s is of kind %s', j.id, j.kind) as culprit from settlement.journal j left join settlement.journal_kind k on k.kind = j.kind
     where k.kind is null or case k.subject when 'TRADE' then j.trade_id is null when 'PAYOUT' then j.payout_id is null else j.reference_id is null end`,
  'every kept balance is the sum of its postings':
    `select format('account %s (%s of %s) is kept as %s, its postings say %s %s', coalesce(a.id, g.account_id), a.kind, a.owner_id, coalesce((-g.owed_minor)::text, 'nothing'), coalesce(b.balance, 0), a.currency) as culprit
     from (select a.* from settlement.account a join settlement.account_kind k on k.kind = a.kind where k.least_owed_minor is not null or k.most_owed_minor is not null) a
     full join settlement.guarded_balance g on g.account_id = a.id left join (${OF_ACCOUNT}) b on b.account_id = coalesce(a.id, g.account_id)
     where a.id is null or g.account_id is null or g.owed_minor <> -coalesce(b.balance, 0)`,
  'every account is within its limits':
    `select format('account %s (%s of %s) holds %s %s', a.id, a.kind, a.owner_id, b.balance, a.currency) as culprit
     from (${OF_ACCOUNT}) b join settlement.account a on a.id = b.account_id join settlement.account_kind k on k.kind = a.kind
     left join lateral (select min(coalesce(l.least_owed_minor, k.least_owed_minor)) as least, max(coalesce(l.most_owed_minor, k.most_owed_minor)) as most from settlement.account_limit l where l.account_id = a.id) l on true
     -- The widest that was ever granted: whoever used a credit line that was lowered since is in order.
     where -b.balance < least(k.least_owed_minor, l.least) or -b.balance > greatest(k.most_owed_minor, l.most)`,
  'every kept sum of the past is the sum of its postings':
    `select format('account %s until %s: kept as %s and %s over %s postings, the postings say %s and %s over %s', s.account_id, s.until, s.debit_minor, s.credit_minor, s.postings, s.debit_before + p.debit, s.credit_before + p.credit, s.postings_before + p.postings) as culprit
     from (select *, lag(until, 1, '-infinity') over w as since, lag(debit_minor, 1, 0::numeric) over w as debit_before, lag(credit_minor, 1, 0::numeric) over w as credit_before, lag(postings, 1, 0::bigint) over w as postings_before
           from settlement.balance_snapshot window w as (partition by account_id order by until)) s
     cross join lateral (select count(*) as postings, coalesce(sum(p.amount_minor) filter (where p.amount_minor > 0), 0) as debit, coalesce(sum(p.amount_minor) filter (where p.amount_minor < 0), 0) as credit
       from settlement.posting p where p.account_id = s.account_id and p.recorded_at >= s.since and p.recorded_at < s.until) p
     where s.debit_minor <> s.debit_before + p.debit or s.credit_minor <> s.credit_before + p.credit or s.postings <> s.postings_before + p.postings or s.until > (select rolled_until from settlement.ledger_clock)`,
  'every total by kind is the sum of its postings':
    `select format('%s in %s: kept as %s and %s, the postings say %s and %s', coalesce(t.kind, p.kind), coalesce(t.currency, p.currency), t.debit_minor, t.credit_minor, p.debit, p.credit) as culprit
     from settlement.kind_total t full join (
       select a.currency, a.kind, count(*) as postings, coalesce(sum(p.amount_minor) filter (where p.amount_minor > 0), 0) as debit, coalesce(sum(p.amount_minor) filter (where p.amount_minor < 0), 0) as credit
       from settlement.posting p join settlement.account a on a.id = p.account_id where p.recorded_at < (select rolled_until from settlement.ledger_clock) group by 1, 2) p on p.kind = t.kind and p.currency = t.currency
     where t.kind is null or p.kind is null or (t.debit_minor, t.credit_minor, t.postings) is distinct from (p.debit, p.credit, p.postings)`,
  'every rule of the tables stands':
    `select format('trigger %s on %s is missing or disabled', g.trigger, g.owner) as culprit from ${GUARDS} g (owner, trigger)
     where not exists (select 1 from pg_trigger t where t.tgrelid = g.owner::regclass and t.tgname = g.trigger and t.tgenabled in ('O', 'A'))
     union all
     select format('trigger %s on %s is disabled', t.tgname, i.inhrelid::regclass) from pg_inherits i join pg_trigger t on t.tgrelid = i.inhrelid where i.inhparent = 'settlement.posting'::regclass and t.tgenabled not in ('O', 'A')`,
} as const;
export type LedgerCheck = keyof typeof LEDGER_CHECKS;

/** Of every posting there is: debits and credits by currency and kind of account. */
export const LEDGER_TRIAL_BALANCE = `select a.currency, a.kind, count(distinct a.id)::text as accounts, count(*)::text as postings, coalesce(sum(p.amount_minor) filter (where p.amount_minor > 0), 0)::text as debit, coalesce(sum(p.amount_minor) filter (where p.amount_minor < 0), 0)::text as credit
  from settlement.posting p join settlement.account a on a.id = p.account_id group by 1, 2 order by 1, 2`;
