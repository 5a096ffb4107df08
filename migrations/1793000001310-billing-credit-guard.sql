-- Two transactions that use one credit at once: a shared lock lets both reckon before either is seen. The second waits for the first and sees its use.
create or replace function billing.check_credit() returns trigger language plpgsql security definer set search_path = pg_catalog, billing as $$
declare
  given bigint; used bigint;
begin
  select net_minor into given from billing.credit where id = new.credit_id for no key update;
  select coalesce(sum(net_minor), 0) into used from billing.credit_use where credit_id = new.credit_id and released_at is null;
  if given is null or used > given then
    raise exception 'credit % of % is set off for %', new.credit_id, given, used using errcode = 'check_violation', constraint = 'credit_is_used_once';
  end if;
  return null;
end $$;
revoke all on function billing.check_credit() from public;
