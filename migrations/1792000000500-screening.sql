-- The market is looked at again whenever the law, or a fact that it asks about, has changed. Which rows a run has seen is written down page by
-- page, so that another process goes on where one died.
create table compliance.screening (
  id uuid primary key,
  cause text not null check (cause in ('LAW', 'APPROVAL', 'CERTIFICATE', 'PARTY', 'DAY', 'MANUAL')),
  -- What changed, in the words of its cause: a set of the law, a day.
  reference text not null check (length(reference) between 1 and 300),
  -- One organisation on either side; null: the whole market.
  organisation_id uuid,
  dry_run boolean not null,
  -- Of a dry run: the change that is proposed.
  document_hash text references compliance.law_document (hash),
  act text check (act in ('ACTIVATE', 'RETIRE')),
  law_hash_before text not null check (law_hash_before ~ '^[0-9a-f]{64}$'),
  law_hash_after text not null check (law_hash_after ~ '^[0-9a-f]{64}$'),
  state text not null check (state in ('RUNNING', 'DONE', 'FAILED')),
  started_at timestamptz not null,
  finished_at timestamptz,
  check ((state = 'RUNNING') = (finished_at is null)),
  check ((document_hash is null) = (act is null)),
  check (dry_run or document_hash is null)
);
create unique index screening_of_day on compliance.screening (reference) where cause = 'DAY';

-- What one room does of a run.
create table compliance.screening_part (
  screening_id uuid not null references compliance.screening (id),
  part text not null check (part in ('PRODUCTS', 'LICENCES')),
  state text not null check (state in ('RUNNING', 'DONE', 'FAILED')),
  dry_run boolean not null,
  -- The last object that was looked at.
  last_id uuid,
  -- Null until it has begun.
  total int check (total >= 0),
  done int not null default 0 check (done >= 0),
  affected int not null default 0 check (affected between 0 and done),
  attempts int not null default 0 check (attempts >= 0),
  retry_at timestamptz not null,
  last_error text check (length(last_error) <= 5000),
  primary key (screening_id, part)
);
create index screening_part_open on compliance.screening_part (part, dry_run, screening_id) where state = 'RUNNING';

-- What changes by a run, or would. What stays as it is leaves no row.
create table compliance.screening_result (
  screening_id uuid not null references compliance.screening (id),
  object_type text not null check (object_type in ('PRODUCT', 'LICENCE')),
  object_id uuid not null,
  effect text not null check (effect in ('SUSPEND', 'RESUME')),
  -- Null: the law before is the same, or the law leaves it to who buys.
  outcome_before text check (length(outcome_before) between 1 and 40),
  outcome_after text check (length(outcome_after) between 1 and 40),
  reasons jsonb not null check (jsonb_typeof(reasons) = 'array'),
  missing text[] not null,
  primary key (screening_id, object_type, object_id)
);

-- What an organisation is told about its products and licences.
create table compliance.notice (
  id uuid primary key,
  organisation_id uuid not null,
  object_type text not null check (object_type in ('PRODUCT', 'LICENCE')),
  object_id uuid not null,
  kind text not null check (kind in ('SUSPENDED', 'RESUMED')),
  text text not null check (length(text) between 1 and 5000),
  reasons jsonb not null check (jsonb_typeof(reasons) = 'array'),
  decision_id uuid references compliance.decision (id),
  created_at timestamptz not null
);
create index notice_of_organisation on compliance.notice (organisation_id, id);
create trigger notice_is_history before update or delete on compliance.notice for each row execute function shared.refuse_change();
create trigger notice_is_kept before truncate on compliance.notice for each statement execute function shared.refuse_change();

-- Counts the changes of what decisions stand on: what was decided under another number is decided again. A row, not a sequence: the number
-- that a reader sees is that of the changes he sees.
create table compliance.epoch (
  id boolean primary key default true check (id),
  value bigint not null check (value > 0)
);
insert into compliance.epoch (value) values (1);
-- Whoever changes such a fact counts it, whatever rows he may write.
create function compliance.bump_epoch() returns void language sql security definer set search_path = pg_catalog, compliance as $$
  update compliance.epoch set value = value + 1;
$$;
revoke all on function compliance.bump_epoch() from public;
grant execute on function compliance.bump_epoch() to entrepot_app;

select shared.guard('compliance.screening', '{}'), shared.guard('compliance.screening_part', '{}'), shared.guard('compliance.screening_result', '{}'),
  shared.guard('compliance.notice', '{organisation_id}'), shared.guard('compliance.epoch', '{}', 'true');

-- A decision of a screening stands, like one of a delivery, on that of its order.
do $$
declare named text;
begin
  for named in select conname from pg_constraint where conrelid = 'compliance.decision'::regclass and contype = 'c' and pg_get_constraintdef(oid) like '%''DELIVERY''%' loop
    execute format('alter table compliance.decision drop constraint %I', named);
  end loop;
end $$;
alter table compliance.decision
  add constraint decision_stage check (stage in ('ORDER', 'DELIVERY', 'SCREENING')),
  add constraint decision_prior check ((stage = 'ORDER') = (prior_decision_id is null));

-- Who suspended a product and why; null of those suspended before this was kept, which staff did. Only who suspended it reinstates it.
alter table catalog.product
  add column suspended_by text check (suspended_by in ('COMPLIANCE', 'STAFF')),
  add column suspension_reason text check (length(suspension_reason) between 1 and 5000),
  add constraint product_suspended check (state = 'SUSPENDED' or suspended_by is null),
  add constraint product_suspension_reason check ((suspended_by is null) = (suspension_reason is null));
create index product_screened on catalog.product (id) where state = 'LISTED' or suspended_by = 'COMPLIANCE';
create index product_screened_of_vendor on catalog.product (vendor_id, id) where state = 'LISTED' or suspended_by = 'COMPLIANCE';

-- What the law was last asked about a delivery: another basis is another question. Unknown of those opened before: they are asked again.
alter table delivery.delivery
  add column decided_basis text check (length(decided_basis) between 1 and 200),
  -- The decision that refused it on this basis.
  add column refusal_decision_id uuid,
  add constraint delivery_refusal check (refusal_decision_id is null or decided_basis is not null);
