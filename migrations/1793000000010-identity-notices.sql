-- What an organisation is told is told by every room, so it stands where every room reaches it. Rows, policies and triggers move along.
alter table compliance.notice set schema identity;
do $$
declare named text;
begin
  for named in select conname from pg_constraint where conrelid = 'identity.notice'::regclass and (contype = 'f' or (contype = 'c' and (pg_get_constraintdef(oid) like '%''LICENCE''%' or pg_get_constraintdef(oid) like '%''RESUMED''%'))) loop
    execute format('alter table identity.notice drop constraint %I', named);
  end loop;
end $$;
alter table identity.notice
  -- For machines, in the terms of whoever tells.
  add column details jsonb not null default '{}' check (jsonb_typeof(details) = 'object'),
  add constraint notice_object check (object_type ~ '^[A-Z][A-Z_]{2,39}$'),
  add constraint notice_kind check (kind ~ '^[A-Z][A-Z_]{2,39}$');
alter table identity.notice alter column reasons set default '[]';
create index notice_of_object on identity.notice (organisation_id, object_id, id);
