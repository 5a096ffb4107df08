-- Row-level security: the wall behind the use cases. The application works as a role that owns nothing; every statement tells whose rows
-- it may see (`entrepot.reach`, `entrepot.tenant`, `entrepot.subject`), and the policies hold it to that. Migrations run as the owner.
do $$
begin
  create role entrepot_app nologin;
exception
  when duplicate_object or unique_violation then null;
  when insufficient_privilege then
    if not exists (select 1 from pg_roles where rolname = 'entrepot_app') then
      raise exception 'the role entrepot_app is missing and this user may not create it: as an administrator, create role entrepot_app nologin; grant entrepot_app to <user>' using errcode = 'insufficient_privilege';
    end if;
end $$;
do $$
begin
  execute format('grant entrepot_app to %I', session_user);
exception
  -- A superuser, or a user whom the administrator has granted the role already.
  when insufficient_privilege or duplicate_object then null;
end $$;

-- Reads everything: staff, auditors, the exchange itself. Writes everything: staff and the exchange itself. Unset means nobody.
create function shared.reads_all() returns boolean language sql stable parallel safe as $$ select coalesce(current_setting('entrepot.reach', true), '') in ('auditor', 'staff', 'system') $$;
create function shared.writes_all() returns boolean language sql stable parallel safe as $$ select coalesce(current_setting('entrepot.reach', true), '') in ('staff', 'system') $$;
create function shared.tenant() returns uuid language sql stable parallel safe as $$ select case when current_setting('entrepot.reach', true) = 'tenant' then nullif(current_setting('entrepot.tenant', true), '')::uuid end $$;
create function shared.subject() returns text language sql stable parallel safe as $$ select nullif(current_setting('entrepot.subject', true), '') $$;

-- Puts a table behind the wall. `parties`: columns that name an organisation whose row it is. `also_read`, `also_insert`: conditions under
-- which others may read or add a row too. Every table of every room goes through here; a test counts them.
create function shared.guard(guarded regclass, parties text[], also_read text default 'false', also_insert text default 'false') returns void language plpgsql as $$
declare
  mine text := coalesce((select string_agg(format('%I = (select shared.tenant())', party), ' or ') from unnest(parties) as party), 'false');
begin
  execute format('alter table %s enable row level security', guarded);
  execute format('create policy reads on %s for select to entrepot_app using ((%s) or (%s) or (select shared.reads_all()))', guarded, also_read, mine);
  execute format('create policy inserts on %s for insert to entrepot_app with check ((%s) or (%s) or (select shared.writes_all()))', guarded, also_insert, mine);
  execute format('create policy updates on %s for update to entrepot_app using ((%s) or (select shared.writes_all()))', guarded, mine);
  execute format('create policy deletes on %s for delete to entrepot_app using ((%s) or (select shared.writes_all()))', guarded, mine);
end $$;

do $$
declare
  room text;
begin
  foreach room in array array['shared', 'audit', 'identity', 'compliance', 'catalog', 'contracts', 'metering', 'delivery', 'settlement', 'billing'] loop
    execute format('grant usage on schema %I to entrepot_app', room);
    execute format('grant select, insert, update, delete on all tables in schema %I to entrepot_app', room);
    execute format('grant usage, select on all sequences in schema %I to entrepot_app', room);
    -- What later migrations make.
    execute format('alter default privileges in schema %I grant select, insert, update, delete on tables to entrepot_app', room);
    execute format('alter default privileges in schema %I grant usage, select on sequences to entrepot_app', room);
  end loop;
end $$;
-- Partitions are reached through their table only: its policies are not asked for a part that is named directly.
do $$
declare
  part regclass;
begin
  for part in select oid from pg_class where relispartition and relkind = 'r' loop
    execute format('revoke all on %s from entrepot_app', part);
  end loop;
end $$;

-- New partitions are made by their owner, whoever asks.
create or replace function shared.keep_month_partitions(from_month date, months int) returns void language plpgsql security definer set timezone to 'UTC' set search_path = pg_catalog, shared as $$
declare
  parent record; month date; part text;
begin
  -- Two processes that start in a new month do it one after the other.
  perform pg_advisory_xact_lock(7301129);
  for parent in select n.nspname as schema_name, c.relname as table_name from pg_partitioned_table p join pg_class c on c.oid = p.partrelid join pg_namespace n on n.oid = c.relnamespace where p.partdefid <> 0 order by 1, 2 loop
    for i in 0 .. months - 1 loop
      month := (date_trunc('month', from_month) + make_interval(months => i))::date;
      part := format('%s_%s', parent.table_name, to_char(month, 'YYYY_MM'));
      if to_regclass(format('%I.%I', parent.schema_name, part)) is null then
        begin
          execute format('create table %I.%I partition of %I.%I for values from (%L) to (%L)', parent.schema_name, part, parent.schema_name, parent.table_name, month, (month + interval '1 month')::date);
          execute format('revoke all on %I.%I from entrepot_app', parent.schema_name, part);
        exception when check_violation then
          raise warning '%.%: rows of % lie in the default partition', parent.schema_name, parent.table_name, month;
        end;
      end if;
    end loop;
  end loop;
end $$;

-- Only the exchange itself reads messages; whoever acts may send one.
create function shared.publish(message_id uuid, aggregate text, message_topic text, message_payload jsonb, request text, at timestamptz, subscribers text[]) returns void
language sql security definer set search_path = pg_catalog, shared as $$
  with message as (
    insert into shared.outbox (id, aggregate_id, topic, payload, request_id, created_at) values (message_id, aggregate, message_topic, message_payload, request, at) returning seq)
  insert into shared.outbox_delivery (subscriber, aggregate_id, seq, next_attempt_at) select name, aggregate, message.seq, at from message, unnest(subscribers) as name;
$$;
revoke all on function shared.publish(uuid, text, text, jsonb, text, timestamptz, text[]) from public;
grant execute on function shared.publish(uuid, text, text, jsonb, text, timestamptz, text[]) to entrepot_app;

select shared.guard('shared.outbox', '{}'), shared.guard('shared.outbox_delivery', '{}'), shared.guard('shared.installation', '{}');
select shared.guard('shared.signing_key', '{}', 'true');
-- A key belongs to the organisation that used it, or to the person who has none yet.
select shared.guard('shared.idempotency_key', '{}');
create policy own_reads on shared.idempotency_key for select to entrepot_app using (scope = (select shared.tenant())::text or scope = (select shared.subject()));
create policy own_inserts on shared.idempotency_key for insert to entrepot_app with check (scope = (select shared.tenant())::text or scope = (select shared.subject()));
create policy own_updates on shared.idempotency_key for update to entrepot_app using (scope = (select shared.tenant())::text or scope = (select shared.subject()));

-- Whoever acts writes his line, also about an object of the other side; he reads those about his own.
select shared.guard('audit.entry', '{tenant_id}', 'false', '(select shared.tenant()) is not null'), shared.guard('audit.unsealed', '{}', 'false', '(select shared.tenant()) is not null'),
  shared.guard('audit.seal', '{}'), shared.guard('audit.sealed_entry', '{}');

-- Names and numbers of organisations are those of public registers.
select shared.guard('identity.organisation', '{id}', 'true'), shared.guard('identity.registry_number', '{organisation_id}', 'true'),
  shared.guard('identity.member', '{organisation_id}'), shared.guard('identity.api_key', '{organisation_id}'),
  shared.guard('identity.registry_proof', '{organisation_id}'), shared.guard('identity.ownership_declaration', '{organisation_id}'), shared.guard('identity.ownership_holding', '{organisation_id}'),
  shared.guard('identity.invitation', '{organisation_id}'), shared.guard('identity.mandate', '{organisation_id}'), shared.guard('identity.elevation', '{organisation_id}'),
  shared.guard('identity.credential_issuer', '{}', $$state = 'ACTIVE'$$), shared.guard('identity.presentation', '{organisation_id}'), shared.guard('identity.credential', '{organisation_id}'), shared.guard('identity.credential_holder', '{organisation_id}'),
  shared.guard('identity.recognised_issuer', '{}', $$state = 'ACTIVE'$$), shared.guard('identity.issuer_client_key', '{}'), shared.guard('identity.sign_in', '{}'), shared.guard('identity.dpop_proof', '{}'),
  shared.guard('identity.client_assertion', '{}'), shared.guard('identity.api_key_jwks', '{organisation_id}');

-- The law is public. A decision is the exporter's and the recipient's.
alter table compliance.decision add column recipient_id uuid;
alter table compliance.decision disable trigger decision_is_history;
update compliance.decision d set recipient_id = a.buyer_id from contracts.agreement a where a.decision_id in (d.id, d.prior_decision_id);
alter table compliance.decision enable trigger decision_is_history;
select shared.guard('compliance.rulebook', '{}', 'true'), shared.guard('compliance.decision', '{exporter_id,recipient_id}'),
  shared.guard('compliance.volume_year', '{exporter_id}'), shared.guard('compliance.volume_reservation', '{exporter_id}');

-- What was certified once is public; before that a product is its vendor's. The rows that anybody may list are a view of the owner's, so that
-- a search uses its index: an operator that is not leak-proof is otherwise asked after the policy, row by row.
create view catalog.listed_product as select * from catalog.product where state = 'LISTED' and vendor_state = 'VERIFIED';
-- It reads as its owner, so nobody may write through it.
revoke all on catalog.listed_product from entrepot_app;
grant select on catalog.listed_product to entrepot_app;
select shared.guard('catalog.product', '{vendor_id}', 'certificate_number is not null'),
  shared.guard('catalog.dataset', '{vendor_id}', 'exists (select 1 from catalog.product p where p.id = product_id)'),
  shared.guard('catalog.revision', '{vendor_id}', 'exists (select 1 from catalog.dataset d where d.id = dataset_id)'),
  shared.guard('catalog.asset', '{vendor_id}', 'exists (select 1 from catalog.revision r where r.id = revision_id)'),
  shared.guard('catalog.gate_record', '{}', 'exists (select 1 from catalog.product p where p.id = product_id and p.vendor_id = (select shared.tenant()))', 'exists (select 1 from catalog.product p where p.id = product_id and p.vendor_id = (select shared.tenant()))');

select shared.guard('contracts.offer', '{vendor_id}', $$state = 'ACTIVE'$$), shared.guard('contracts.agreement', '{vendor_id,buyer_id}'), shared.guard('contracts.licence', '{vendor_id,buyer_id}'), shared.guard('contracts.pending_order', '{buyer_id}');
select shared.guard('metering.usage_event_key', '{}'), shared.guard('metering.usage_event', '{vendor_id,buyer_id}');
-- Whose upload it is; unknown of those that were begun before.
alter table delivery.pending_object add column vendor_id uuid;
select shared.guard('delivery.pending_object', '{vendor_id}'), shared.guard('delivery.stored_object', '{vendor_id}'), shared.guard('delivery.platform_test', '{}'), shared.guard('delivery.delivery', '{vendor_id,buyer_id}'),
  shared.guard('delivery.coverage', '{}'), shared.guard('delivery.response', '{}'), shared.guard('delivery.receipt', '{vendor_id,buyer_id}');
select shared.guard('settlement.account', '{owner_id}'), shared.guard('settlement.guarded_balance', '{}', 'exists (select 1 from settlement.account a where a.id = account_id and a.owner_id = (select shared.tenant()))'),
  shared.guard('settlement.posting', '{}', 'exists (select 1 from settlement.account a where a.id = account_id and a.owner_id = (select shared.tenant()))'), shared.guard('settlement.journal', '{}'),
  shared.guard('settlement.clearing_cycle', '{}'), shared.guard('settlement.payout', '{vendor_id}'), shared.guard('settlement.trade', '{vendor_id,buyer_id}');
select shared.guard('billing.tax_declaration', '{organisation_id}'), shared.guard('billing.payment', '{buyer_id}'), shared.guard('billing.inbox', '{}'), shared.guard('billing.invoice_series', '{issuer_id}'),
  shared.guard('billing.invoice', '{issuer_id,customer_id}'), shared.guard('billing.invoice_line', '{}', 'exists (select 1 from billing.invoice i where i.id = invoice_id)'),
  shared.guard('billing.usage_period', '{vendor_id,buyer_id}'), shared.guard('billing.billed_usage', '{}', 'exists (select 1 from billing.usage_period p where p.id = period_id)'), shared.guard('billing.certificate', '{vendor_id,buyer_id}');
