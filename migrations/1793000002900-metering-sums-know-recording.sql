-- Up to where the sums reach, as the statement that asks sees it. A function, so that the planner knows how little lies behind it.
create function metering.rolled_until() returns bigint language sql stable set search_path = pg_catalog, metering as $$ select rolled_until from metering.usage_rollup $$;

-- Each sum knows when the first and the last of its events were recorded, so that a part of an hour is found in what was recorded then. Those that began before this was kept
-- do not know it, and their events are looked for in all.
alter table metering.usage_hour add column first_recorded_at timestamptz not null default '-infinity', add column last_recorded_at timestamptz not null default 'infinity';
alter table metering.usage_hour alter column first_recorded_at drop default, alter column last_recorded_at drop default;

create or replace function metering.roll_up(from_position bigint, until_position bigint) returns void language sql set search_path = pg_catalog, metering as $$
  insert into metering.usage_hour as h (licence_id, dimension, hour, meter, value, vendor_id, buyer_id, events, quantity, first_at, last_at, first_recorded_at, last_recorded_at)
  select e.licence_id, d.name, date_trunc('hour', e.occurred_at, 'UTC'), e.meter, d.value, e.vendor_id, e.buyer_id, count(*), sum(e.quantity), min(e.occurred_at), max(e.occurred_at), min(e.recorded_at), max(e.recorded_at)
  from metering.usage_event e cross join lateral (select '' as name, '' as value union all select key, value from jsonb_each_text(e.dimensions)) d
  where e.position >= from_position and e.position < until_position
  group by 1, 2, 3, 4, 5, 6, 7 order by 1, 2, 3, 4, 5
  on conflict (licence_id, dimension, hour, meter, value) do update
    set events = h.events + excluded.events, quantity = h.quantity + excluded.quantity, first_at = least(h.first_at, excluded.first_at), last_at = greatest(h.last_at, excluded.last_at),
      first_recorded_at = least(h.first_recorded_at, excluded.first_recorded_at),
      last_recorded_at = greatest(h.last_recorded_at, excluded.last_recorded_at);
$$;
