-- Sums of what was used, kept so that they are never wrong. Each event has a position: that of the transaction that wrote it. All events before `rolled_until` are in
-- the sums, those from it on are read themselves; since no transaction before the oldest that runs can still write, nothing is left out or counted twice.
create table metering.usage_rollup (
  only_one boolean primary key default true check (only_one),
  rolled_until bigint not null,
  -- What stands before the numbers of transactions: a database that was loaded into another server starts to number anew.
  shift bigint not null
);
-- What was recorded before this has position 0 and is in the sums below.
insert into metering.usage_rollup (rolled_until, shift) values (1, 0);
create trigger usage_rollup_is_kept before delete or truncate on metering.usage_rollup for each statement execute function shared.refuse_change();

create function metering.own_position() returns bigint language sql stable set search_path = pg_catalog, metering as $$
  select shift + pg_current_xact_id()::text::bigint from metering.usage_rollup
$$;
alter table metering.usage_event add column position bigint not null default 0;
alter table metering.usage_event alter column position set default metering.own_position();
create index usage_event_position on metering.usage_event (position);

-- One row for each licence, meter and hour of use (UTC), and beside it one for each value of each dimension; those that tell nothing apart have ''.
create table metering.usage_hour (
  licence_id uuid not null,
  dimension text not null,
  hour timestamptz not null,
  meter text not null,
  value text not null,
  vendor_id uuid not null,
  buyer_id uuid not null,
  events bigint not null check (events > 0),
  quantity numeric(40) not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  primary key (licence_id, dimension, hour, meter, value)
);
create index usage_hour_of_vendor on metering.usage_hour (vendor_id, dimension, hour);
create index usage_hour_of_buyer on metering.usage_hour (buyer_id, dimension, hour);
create trigger usage_hour_is_kept before delete or truncate on metering.usage_hour for each statement execute function shared.refuse_change();
select shared.guard('metering.usage_rollup', '{}', 'true'), shared.guard('metering.usage_hour', '{vendor_id,buyer_id}');

-- Adds the events of a stretch of positions to the sums.
create function metering.roll_up(from_position bigint, until_position bigint) returns void language sql set search_path = pg_catalog, metering as $$
  insert into metering.usage_hour as h (licence_id, dimension, hour, meter, value, vendor_id, buyer_id, events, quantity, first_at, last_at)
  select e.licence_id, d.name, date_trunc('hour', e.occurred_at, 'UTC'), e.meter, d.value, e.vendor_id, e.buyer_id, count(*), sum(e.quantity), min(e.occurred_at), max(e.occurred_at)
  from metering.usage_event e cross join lateral (select '' as name, '' as value union all select key, value from jsonb_each_text(e.dimensions)) d
  where e.position >= from_position and e.position < until_position
  group by 1, 2, 3, 4, 5, 6, 7 order by 1, 2, 3, 4, 5
  on conflict (licence_id, dimension, hour, meter, value) do update
    set events = h.events + excluded.events, quantity = h.quantity + excluded.quantity, first_at = least(h.first_at, excluded.first_at), last_at = greatest(h.last_at, excluded.last_at);
$$;
select metering.roll_up(0, 1);
