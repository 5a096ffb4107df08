-- The rules of double entry. A journal and its postings are written by one statement; what is wrong with them ends it.
-- Nested loops alone: the plan stays that of few rows in large tables, whatever the tables held when it was made.
create function settlement.check_journals() returns trigger language plpgsql security definer
  set search_path = pg_catalog, settlement, pg_temp set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  culprit record;
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'journals are written under READ COMMITTED' using errcode = 'check_violation', constraint = 'journal_isolation';
  end if;
  select w.id, w.kind, w.idempotency_key into culprit from written w left join settlement.journal_kind k on k.kind = w.kind
    where k.kind is null or case k.subject when 'TRADE' then w.trade_id is null when 'PAYOUT' then w.payout_id is null else w.reference_id is null end limit 1;
  if found then
    raise exception 'journal % is of no kind %, or names not what it is about', culprit.idempotency_key, culprit.kind using errcode = 'check_violation', constraint = 'journal_kind';
  end if;
  select w.idempotency_key into culprit from written w
    where not exists (select 1 from settlement.posting p where p.journal_id = w.id and p.recorded_at = w.recorded_at) limit 1;
  if found then
    raise exception 'journal % has no postings: both are written by one statement', culprit.idempotency_key using errcode = 'check_violation', constraint = 'journal_has_postings';
  end if;
  return null;
end $$;
create trigger journal_rules after insert on settlement.journal referencing new table as written for each statement execute function settlement.check_journals();

-- Postings sum to zero per journal and currency, stand on an account of their currency, are what the digest of their journal says (so that nobody
-- adds to a journal of before), and keep the limits of their accounts. Accounts with limits alone are locked, in the order of their ids.
create function settlement.check_postings() returns trigger language plpgsql security definer
  set search_path = pg_catalog, settlement, pg_temp set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  culprit record;
begin
  select journal_id, currency into culprit from posted group by journal_id, currency having sum(amount_minor) <> 0 limit 1;
  if found then
    raise exception 'journal % does not sum to zero in %', culprit.journal_id, culprit.currency using errcode = 'check_violation', constraint = 'journal_sums_to_zero';
  end if;
  select p.journal_id into culprit from posted p left join settlement.account a on a.id = p.account_id and a.currency = p.currency where a.id is null limit 1;
  if found then
    raise exception 'a posting of journal % has no account of its currency', culprit.journal_id using errcode = 'check_violation', constraint = 'posting_has_account';
  end if;
  select p.journal_id into culprit from (
      select journal_id, min(recorded_at) as recorded_at, max(recorded_at) as last_recorded_at, min(effective_at) as effective_at, max(effective_at) as last_effective_at,
        string_agg(settlement.posting_text(line, account_id, amount_minor, currency), ';' order by line) as lines from posted group by journal_id) p
    left join settlement.journal j on j.id = p.journal_id and j.recorded_at = p.recorded_at and j.recorded_at = p.last_recorded_at and j.effective_at = p.effective_at and j.effective_at = p.last_effective_at
      and j.digest = settlement.journal_digest(j.id, j.idempotency_key, j.kind, j.trade_id, j.payout_id, j.reference_type, j.reference_id, j.effective_at, j.recorded_at, p.lines)
    where j.id is null limit 1;
  if found then
    raise exception 'the postings of journal % are not those that its digest says', culprit.journal_id using errcode = 'check_violation', constraint = 'posting_has_journal';
  end if;
  select p.journal_id, p.recorded_at < c.announced_until as too_late into culprit from posted p, settlement.ledger_clock c where p.recorded_at < c.announced_until or p.effective_at < c.open_from limit 1;
  if found and culprit.too_late then
    -- Another try is recorded at a later moment.
    raise exception 'journal % is recorded in a time that is closed', culprit.journal_id using errcode = 'serialization_failure';
  elsif found then
    raise exception 'journal % is effective in a period that is closed', culprit.journal_id using errcode = 'check_violation', constraint = 'ledger_period_open';
  end if;
  perform 1 from settlement.guarded_balance g where g.account_id in (select account_id from posted) order by g.account_id for no key update;
  with moved as (
    update settlement.guarded_balance g set owed_minor = g.owed_minor - p.moved from (select account_id, sum(amount_minor) as moved from posted group by account_id) p where g.account_id = p.account_id
    returning g.account_id, g.owed_minor, p.moved)
  select m.account_id, a.kind into culprit from moved m join settlement.account a on a.id = m.account_id join settlement.account_kind k on k.kind = a.kind
    left join lateral (select l.least_owed_minor, l.most_owed_minor from settlement.account_limit l where l.account_id = m.account_id order by l.set_at desc limit 1) l on true
    -- What leads back towards the limit is never refused.
    where (m.owed_minor < coalesce(l.least_owed_minor, k.least_owed_minor) and m.moved > 0) or (m.owed_minor > coalesce(l.most_owed_minor, k.most_owed_minor) and m.moved < 0) limit 1;
  if found then
    raise exception 'account % (%) would be beyond its limit', culprit.account_id, culprit.kind using errcode = 'check_violation', constraint = 'account_limit';
  end if;
  return null;
end $$;
create trigger posting_rules after insert on settlement.posting referencing new table as posted for each statement execute function settlement.check_postings();

-- Posts many journals in one call: accounts that are missing are made; a journal whose key is there already with the same content has no effect; with other
-- content the call is refused. Columns as arrays: one element for each account, each journal, each line; lines name their journal and account by position.
-- Accounts, keys and guarded balances are taken in one order each, one after the other, so that no two calls wait for each other in a circle.
create function settlement.post_journals(
  at timestamptz, account_ids uuid[], owners uuid[], kinds text[], qualifiers text[], currencies text[],
  journal_ids uuid[], keys text[], journal_kinds text[], trades uuid[], payouts uuid[], reference_types text[], reference_ids uuid[], effective timestamptz[],
  line_journals int[], lines int[], line_accounts int[], amounts bigint[])
returns table (posted_id uuid, is_new boolean) language plpgsql
  set search_path = pg_catalog, settlement, pg_temp set plan_cache_mode = force_generic_plan set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  recorded timestamptz; accounts uuid[]; bodies text[]; fresh_ids uuid[]; culprit text;
begin
  -- Whoever has a number before it reads the clock is waited for by whoever moves it.
  perform pg_current_xact_id();
  select greatest(at, c.announced_until) into recorded from settlement.ledger_clock c;
  select array_agg(a.id order by k.n) into accounts from unnest(owners, kinds, qualifiers, currencies) with ordinality k (o, k, q, c, n)
    join settlement.account a on a.owner_id = k.o and a.kind = k.k and a.qualifier = k.q and a.currency = k.c;
  if coalesce(cardinality(accounts), 0) < cardinality(owners) then
    insert into settlement.account (id, owner_id, kind, qualifier, currency, created_at)
      select k.id, k.o, k.k, k.q, k.c, recorded from unnest(account_ids, owners, kinds, qualifiers, currencies) k (id, o, k, q, c)
      where not exists (select 1 from settlement.account a where a.owner_id = k.o and a.kind = k.k and a.qualifier = k.q and a.currency = k.c)
      order by k.o, k.k, k.q, k.c on conflict (owner_id, kind, qualifier, currency) do nothing;
    select array_agg(a.id order by k.n) into accounts from unnest(owners, kinds, qualifiers, currencies) with ordinality k (o, k, q, c, n)
      join settlement.account a on a.owner_id = k.o and a.kind = k.k and a.qualifier = k.q and a.currency = k.c;
  end if;
  select array_agg(b.body order by b.journal) into bodies from (
    select l.journal, string_agg(settlement.posting_text(l.line, accounts[l.account], l.amount, currencies[l.account]), ';' order by l.line) as body
    from unnest(line_journals, lines, line_accounts, amounts) l (journal, line, account, amount) group by l.journal) b;
  if coalesce(cardinality(bodies), 0) <> cardinality(journal_ids) or coalesce(cardinality(accounts), 0) <> cardinality(owners) then
    raise exception 'a journal without lines, or an account that is not there' using errcode = 'check_violation', constraint = 'journal_has_postings';
  end if;
  with fresh as (
    insert into settlement.journal (id, trade_id, payout_id, kind, idempotency_key, effective_at, recorded_at, reference_type, reference_id, digest)
      select j.id, j.trade, j.payout, j.kind, j.key, coalesce(j.effective, recorded), recorded, j.reference_type, j.reference_id,
        settlement.journal_digest(j.id, j.key, j.kind, j.trade, j.payout, j.reference_type, j.reference_id, coalesce(j.effective, recorded), recorded, j.body)
      from unnest(journal_ids, keys, journal_kinds, trades, payouts, reference_types, reference_ids, effective, bodies) j (id, key, kind, trade, payout, reference_type, reference_id, effective, body)
      order by j.key on conflict (idempotency_key) do nothing returning id),
  booked as (
    insert into settlement.posting (account_id, recorded_at, journal_id, line, amount_minor, currency, effective_at)
      select accounts[l.account], recorded, journal_ids[l.journal], l.line, l.amount, currencies[l.account], coalesce(effective[l.journal], recorded)
      from unnest(line_journals, lines, line_accounts, amounts) l (journal, line, account, amount)
      -- A set that is hashed once, whatever the planner believes of its size.
      where (journal_ids[l.journal] in (select id from fresh)) is true)
  select array_agg(id) into fresh_ids from fresh;
  if coalesce(cardinality(fresh_ids), 0) = cardinality(journal_ids) then
    return query select id, true from unnest(journal_ids) id;
    return;
  end if;
  select k.key into culprit from unnest(journal_ids, keys, journal_kinds, trades, payouts, reference_types, reference_ids, effective, bodies) k (id, key, kind, trade, payout, reference_type, reference_id, effective, body)
    left join settlement.journal j on j.idempotency_key = k.key
    where j.digest is distinct from settlement.journal_digest(j.id, k.key, k.kind, k.trade, k.payout, k.reference_type, k.reference_id, coalesce(k.effective, j.recorded_at), j.recorded_at, k.body) limit 1;
  if found then
    raise exception 'journal % is there already with other content', culprit using errcode = 'unique_violation', constraint = 'journal_key_reused';
  end if;
  return query select j.id, j.id = k.id from unnest(journal_ids, keys) with ordinality k (id, key, n) join settlement.journal j on j.idempotency_key = k.key order by k.n;
end $$;
revoke all on function settlement.post_journals(timestamptz, uuid[], uuid[], text[], text[], text[], uuid[], text[], text[], uuid[], uuid[], text[], uuid[], timestamptz[], int[], int[], int[], bigint[]) from public;
grant execute on function settlement.post_journals(timestamptz, uuid[], uuid[], text[], text[], text[], uuid[], text[], text[], uuid[], uuid[], text[], uuid[], timestamptz[], int[], int[], int[], bigint[]) to entrepot_app;
