-- Balances of the past. What was recorded before `until` never grows, so a sum over it is kept: of an account whenever 500 postings have come since the last,
-- so that a balance reads one such sum and a few hundred postings, however many there are.
create table settlement.balance_snapshot (
  account_id uuid not null,
  until timestamptz not null,
  debit_minor numeric(30) not null check (debit_minor >= 0),
  credit_minor numeric(30) not null check (credit_minor <= 0),
  postings bigint not null check (postings > 0),
  primary key (account_id, until)
);
create trigger balance_snapshot_is_history before update or delete on settlement.balance_snapshot for each row execute function shared.refuse_change();
create trigger balance_snapshot_is_kept before truncate on settlement.balance_snapshot for each statement execute function shared.refuse_change();

-- Sums over all that was recorded before `ledger_clock.rolled_until`, for the trial balance.
create table settlement.kind_total (
  currency text not null,
  kind text not null references settlement.account_kind (kind),
  debit_minor numeric(30) not null check (debit_minor >= 0),
  credit_minor numeric(30) not null check (credit_minor <= 0),
  postings bigint not null check (postings > 0),
  primary key (currency, kind)
);
create trigger kind_total_is_kept before delete or truncate on settlement.kind_total for each statement execute function shared.refuse_change();

-- The chain over all journals: each link is the SHA-256 of the one before and of the digests of the journals recorded before `until`. Whoever changes one journal of the past has to change all links since.
create table settlement.ledger_seal (
  number bigint primary key check (number > 0),
  until timestamptz not null unique,
  journals bigint not null check (journals > 0),
  head bytea not null check (length(head) = 32)
);
create trigger ledger_seal_is_history before update or delete on settlement.ledger_seal for each row execute function shared.refuse_change();
create trigger ledger_seal_is_kept before truncate on settlement.ledger_seal for each statement execute function shared.refuse_change();

select shared.guard('settlement.balance_snapshot', '{}', 'exists (select 1 from settlement.account a where a.id = account_id and a.owner_id = (select shared.tenant()))'),
  shared.guard('settlement.kind_total', '{}'), shared.guard('settlement.ledger_seal', '{}');
revoke insert, update, delete on settlement.balance_snapshot, settlement.kind_total, settlement.ledger_seal from entrepot_app;

-- Debits and credits of an account, of what was effective by `effective` as the books said at `recorded`. Nothing is effective after it is recorded, so what was recorded by
-- the earlier of the two is all in; to it comes what was recorded between the two and counts from before.
create function settlement.turnover_at(account uuid, effective timestamptz, recorded timestamptz, out debit_minor numeric, out credit_minor numeric) language sql stable parallel safe set search_path = pg_catalog, settlement, pg_temp as $$
  with kept as (select s.until, s.debit_minor, s.credit_minor from settlement.balance_snapshot s where s.account_id = account and s.until <= least(effective, recorded) order by s.until desc limit 1),
  part as (
    select debit_minor as debit, credit_minor as credit from kept
    union all
    select sum(p.amount_minor) filter (where p.amount_minor > 0), sum(p.amount_minor) filter (where p.amount_minor < 0) from settlement.posting p
      where p.account_id = account and p.recorded_at >= coalesce((select until from kept), '-infinity') and p.recorded_at <= least(effective, recorded)
    union all
    select sum(p.amount_minor) filter (where p.amount_minor > 0), sum(p.amount_minor) filter (where p.amount_minor < 0) from settlement.posting p
      where p.account_id = account and p.effective_at < p.recorded_at and p.recorded_at > effective and p.recorded_at <= recorded and p.effective_at <= effective)
  select coalesce(sum(debit), 0), coalesce(sum(credit), 0) from part
$$;

-- What an account held just before a moment of recorded time: debits less credits.
create function settlement.balance_before(account uuid, moment timestamptz) returns numeric language sql stable parallel safe set search_path = pg_catalog, settlement, pg_temp as $$
  with kept as (select s.until, s.debit_minor + s.credit_minor as balance from settlement.balance_snapshot s where s.account_id = account and s.until <= moment order by s.until desc limit 1)
  select coalesce((select balance from kept), 0) + coalesce(sum(p.amount_minor), 0) from settlement.posting p
    where p.account_id = account and p.recorded_at >= coalesce((select until from kept), '-infinity') and p.recorded_at < moment
$$;

-- Closes a stretch of recorded time and folds it into the sums and the chain, one step a call: ANNOUNCED (nothing is recorded before then any more), WAITING (for
-- transactions that began before that was known), ROLLED, or IDLE. Locks no account and never makes a posting wait.
create function settlement.roll_ledger(target timestamptz) returns text language plpgsql security definer set search_path = pg_catalog, settlement, pg_temp as $$
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
  insert into settlement.balance_snapshot (account_id, until, debit_minor, credit_minor, postings)
    select a.account_id, clock.announced_until, coalesce(s.debit_minor, 0) + tail.debit, coalesce(s.credit_minor, 0) + tail.credit, coalesce(s.postings, 0) + tail.postings
    from (select distinct account_id from settlement.posting where recorded_at >= clock.rolled_until and recorded_at < clock.announced_until) a
    left join lateral (select b.until, b.debit_minor, b.credit_minor, b.postings from settlement.balance_snapshot b where b.account_id = a.account_id order by b.until desc limit 1) s on true
    cross join lateral (
      select count(*) as postings, coalesce(sum(p.amount_minor) filter (where p.amount_minor > 0), 0) as debit, coalesce(sum(p.amount_minor) filter (where p.amount_minor < 0), 0) as credit
      from settlement.posting p where p.account_id = a.account_id and p.recorded_at >= coalesce(s.until, '-infinity') and p.recorded_at < clock.announced_until) tail
    where tail.postings >= 500;
  select count(*), sha256(coalesce((select s.head from settlement.ledger_seal s order by s.number desc limit 1), ''::bytea) || coalesce(string_agg(j.digest, ''::bytea order by j.recorded_at, j.id), ''::bytea))
    into folded, chained from settlement.journal j where j.recorded_at >= clock.rolled_until and j.recorded_at < clock.announced_until;
  if folded > 0 then
    insert into settlement.ledger_seal (number, until, journals, head) select coalesce(max(number), 0) + 1, clock.announced_until, folded, chained from settlement.ledger_seal;
  end if;
  update settlement.ledger_clock set rolled_until = announced_until, barrier = null;
  return 'ROLLED';
end $$;
revoke all on function settlement.roll_ledger(timestamptz) from public;
grant execute on function settlement.roll_ledger(timestamptz) to entrepot_app;
