-- A busy account moves more often between two turns than a balance should have to read: sums are kept within a stretch too, one for each 500 postings.
-- Closes a stretch of recorded time and folds it into the sums and the chain, one step a call: ANNOUNCED (nothing is recorded before then any more), WAITING (for
-- transactions that began before that was known), ROLLED, or IDLE. Locks no account and never makes a posting wait.
create or replace function settlement.roll_ledger(target timestamptz) returns text language plpgsql security definer set search_path = pg_catalog, settlement, pg_temp as $$
declare
  clock settlement.ledger_clock; stop timestamptz; folded bigint; chained bytea;
begin
  if not shared.writes_all() then
    raise exception 'the exchange alone closes its books' using errcode = 'insufficient_privilege';
  end if;
  select * into clock from settlement.ledger_clock for no key update skip locked;
  if not found then
    return 'IDLE';
  end if;
  if clock.announced_until = clock.rolled_until then
    if target <= clock.announced_until or not exists (select 1 from settlement.journal where recorded_at >= clock.announced_until and recorded_at < target) then
      return 'IDLE';
    end if;
    -- At the most so many at once.
    select recorded_at + interval '1 microsecond' into stop from settlement.journal where recorded_at >= clock.announced_until and recorded_at < target order by recorded_at, id offset 100000 limit 1;
    update settlement.ledger_clock set announced_until = least(target, coalesce(stop, target)), barrier = null;
    return 'ANNOUNCED';
  end if;
  -- The number may be that of another server from which this database was loaded.
  if clock.barrier is null or clock.barrier > pg_snapshot_xmax(pg_current_snapshot())::text::bigint then
    clock.barrier := pg_snapshot_xmax(pg_current_snapshot())::text::bigint;
    update settlement.ledger_clock set barrier = clock.barrier;
    if pg_snapshot_xmin(pg_current_snapshot())::text::bigint < clock.barrier then
      return 'WAITING';
    end if;
  elsif pg_snapshot_xmin(pg_current_snapshot())::text::bigint < clock.barrier then
    return 'WAITING';
  end if;
  insert into settlement.kind_total as t (currency, kind, debit_minor, credit_minor, postings)
    select a.currency, a.kind, coalesce(sum(p.amount_minor) filter (where p.amount_minor > 0), 0), coalesce(sum(p.amount_minor) filter (where p.amount_minor < 0), 0), count(*)
    from settlement.posting p join settlement.account a on a.id = p.account_id where p.recorded_at >= clock.rolled_until and p.recorded_at < clock.announced_until group by 1, 2
    on conflict (currency, kind) do update set debit_minor = t.debit_minor + excluded.debit_minor, credit_minor = t.credit_minor + excluded.credit_minor, postings = t.postings + excluded.postings;
  -- Of each account that moved: what stood before the stretch, then its moments in order; a sum is kept behind each at which 500 more have come since the last.
  insert into settlement.balance_snapshot (account_id, until, debit_minor, credit_minor, postings)
    with moved as (
      select account_id, recorded_at, count(*) as postings, coalesce(sum(amount_minor) filter (where amount_minor > 0), 0) as debit, coalesce(sum(amount_minor) filter (where amount_minor < 0), 0) as credit
      from settlement.posting where recorded_at >= clock.rolled_until and recorded_at < clock.announced_until group by 1, 2),
    before as materialized (
      select a.account_id, tail.postings as open_postings, coalesce(s.postings, 0) + tail.postings as postings, coalesce(s.debit_minor, 0) + tail.debit as debit, coalesce(s.credit_minor, 0) + tail.credit as credit
      from (select distinct account_id from moved) a
      left join lateral (select b.until, b.debit_minor, b.credit_minor, b.postings from settlement.balance_snapshot b where b.account_id = a.account_id order by b.until desc limit 1) s on true
      cross join lateral (
        select count(*) as postings, coalesce(sum(p.amount_minor) filter (where p.amount_minor > 0), 0) as debit, coalesce(sum(p.amount_minor) filter (where p.amount_minor < 0), 0) as credit
        from settlement.posting p where p.account_id = a.account_id and p.recorded_at >= coalesce(s.until, '-infinity') and p.recorded_at < clock.rolled_until) tail),
    running as (
      select account_id, recorded_at, postings as here, sum(postings) over w as postings, sum(debit) over w as debit, sum(credit) over w as credit
      from moved window w as (partition by account_id order by recorded_at))
    select r.account_id, r.recorded_at + interval '1 microsecond', b.debit + r.debit, b.credit + r.credit, b.postings + r.postings
    from running r join before b on b.account_id = r.account_id
    where div(b.open_postings + r.postings, 500) > div(b.open_postings + r.postings - r.here, 500);
  select count(*), sha256(coalesce((select s.head from settlement.ledger_seal s order by s.number desc limit 1), ''::bytea) || coalesce(string_agg(j.digest, ''::bytea order by j.recorded_at, j.id), ''::bytea))
    into folded, chained from settlement.journal j where j.recorded_at >= clock.rolled_until and j.recorded_at < clock.announced_until;
  if folded > 0 then
    insert into settlement.ledger_seal (number, until, journals, head) select coalesce(max(number), 0) + 1, clock.announced_until, folded, chained from settlement.ledger_seal;
  end if;
  update settlement.ledger_clock set rolled_until = announced_until, barrier = null;
  return 'ROLLED';
end $$;

-- Where a balance starts to read is looked up first: as a part of one statement, row-level security would be asked of every posting of the account before it. And the account's own
-- stretch of its index serves any moment, whatever share of the table the planner takes it for.
create or replace function settlement.turnover_at(account uuid, effective timestamptz, recorded timestamptz, out debit_minor numeric, out credit_minor numeric) language plpgsql stable parallel safe
  set search_path = pg_catalog, settlement, pg_temp set enable_seqscan = off set enable_bitmapscan = off as $$
declare
  moment constant timestamptz := least(effective, recorded); since timestamptz := '-infinity'; debit numeric; credit numeric; kept record;
begin
  debit_minor := 0;
  credit_minor := 0;
  select s.until, s.debit_minor as debit, s.credit_minor as credit into kept from settlement.balance_snapshot s where s.account_id = account and s.until <= moment order by s.until desc limit 1;
  if found then
    since := kept.until;
    debit_minor := kept.debit;
    credit_minor := kept.credit;
  end if;
  select coalesce(sum(p.amount_minor) filter (where p.amount_minor > 0), 0), coalesce(sum(p.amount_minor) filter (where p.amount_minor < 0), 0) into debit, credit
    from settlement.posting p where p.account_id = account and p.recorded_at >= since and p.recorded_at <= moment;
  debit_minor := debit_minor + debit;
  credit_minor := credit_minor + credit;
  if effective < recorded then
    select coalesce(sum(p.amount_minor) filter (where p.amount_minor > 0), 0), coalesce(sum(p.amount_minor) filter (where p.amount_minor < 0), 0) into debit, credit
      from settlement.posting p where p.account_id = account and p.effective_at < p.recorded_at and p.recorded_at > effective and p.recorded_at <= recorded and p.effective_at <= effective;
    debit_minor := debit_minor + debit;
    credit_minor := credit_minor + credit;
  end if;
end $$;
create or replace function settlement.balance_before(account uuid, moment timestamptz) returns numeric language plpgsql stable parallel safe
  set search_path = pg_catalog, settlement, pg_temp set enable_seqscan = off set enable_bitmapscan = off as $$
declare
  since timestamptz := '-infinity'; balance numeric := 0; kept record;
begin
  select s.until, s.debit_minor + s.credit_minor as balance into kept from settlement.balance_snapshot s where s.account_id = account and s.until <= moment order by s.until desc limit 1;
  if found then
    since := kept.until;
    balance := kept.balance;
  end if;
  return balance + (select coalesce(sum(p.amount_minor), 0) from settlement.posting p where p.account_id = account and p.recorded_at >= since and p.recorded_at < moment);
end $$;
