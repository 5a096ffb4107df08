-- What is counted is named by the catalogue of meters (contracts); the tables hold its form.
do $$
declare named text;
begin
  for named in select conname from pg_constraint where conrelid = 'metering.usage_event'::regclass and contype = 'c' and pg_get_constraintdef(oid) like '%meter = ANY%' loop
    execute format('alter table metering.usage_event drop constraint %I', named);
  end loop;
end $$;
alter table metering.usage_event add constraint usage_event_meter check (meter ~ '^[a-z][a-z0-9_]{1,39}$');
