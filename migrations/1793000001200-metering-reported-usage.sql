-- Use that vendors report. An event is named by its vendor, its source and its id (CloudEvents 1.0: source and id are unique together), whatever
-- licence it names: a repetition that names another licence is a contradiction and never a second use.
alter table metering.usage_event_key add column vendor_id uuid;
alter table metering.usage_event_key disable trigger usage_event_key_is_history;
update metering.usage_event_key k set vendor_id = e.vendor_id from metering.usage_event e where e.licence_id = k.licence_id and e.source = k.source and e.event_id = k.event_id;
alter table metering.usage_event_key enable trigger usage_event_key_is_history;
alter table metering.usage_event_key alter column vendor_id set not null, drop constraint usage_event_key_pkey, add primary key (vendor_id, source, event_id);

alter table metering.usage_event alter column subject_id drop not null,
  add column dimensions jsonb not null default '{}' check (jsonb_typeof(dimensions) = 'object'),
  -- Who told of it, in words of the log; null: the exchange, which delivered.
  add column reported_by text check (length(reported_by) between 1 and 300);
