create schema metering;

-- Every (licence, source, event id) that ever counted. Not partitioned by time: an id counts once for ever, in whatever month it
-- comes again. `digest` tells a repetition from another event under the same name.
create table metering.usage_event_key (
  licence_id uuid not null,
  source text not null check (length(source) between 1 and 200),
  event_id text not null check (length(event_id) between 1 and 200),
  digest text not null check (digest ~ '^[0-9a-f]{64}$'),
  recorded_at timestamptz not null,
  primary key (licence_id, source, event_id)
);
create trigger usage_event_key_is_history before update or delete on metering.usage_event_key for each row execute function shared.refuse_change();
create trigger usage_event_key_is_kept before truncate on metering.usage_event_key for each statement execute function shared.refuse_change();

-- What was used. Distribution key: licence_id. Partitioned by the month of recording, not of the use: a late event lands in a
-- month that is open.
create table metering.usage_event (
  licence_id uuid not null,
  recorded_at timestamptz not null,
  id uuid not null,
  agreement_id uuid not null,
  vendor_id uuid not null,
  buyer_id uuid not null,
  meter text not null check (meter in ('downloads', 'bytes')),
  quantity bigint not null check (quantity > 0),
  source text not null check (length(source) between 1 and 200),
  event_id text not null check (length(event_id) between 1 and 200),
  occurred_at timestamptz not null,
  subject_id uuid not null,
  receipt_id uuid,
  primary key (licence_id, recorded_at, id)
) partition by range (recorded_at);
create table metering.usage_event_default partition of metering.usage_event default;
create trigger usage_event_is_history before update or delete on metering.usage_event for each row execute function shared.refuse_change();
create trigger usage_event_is_kept before truncate on metering.usage_event for each statement execute function shared.refuse_change();
