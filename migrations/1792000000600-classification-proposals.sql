-- What the platform read out of the files of a revision, and the tags that speak from it. No cell of a file is kept: examples are masked.
create table compliance.classification_proposal (
  id uuid primary key,
  dataset_id uuid not null,
  revision_id uuid not null,
  vendor_id uuid not null,
  state text not null check (state in ('PROPOSED', 'PARTLY_PROFILED', 'NOT_PROFILED')),
  input_digest text not null check (input_digest ~ '^[0-9a-f]{64}$'),
  detector_version text not null check (length(detector_version) between 1 and 40),
  content jsonb not null check (jsonb_typeof(content) = 'object'),
  created_at timestamptz not null,
  unique (revision_id, input_digest, detector_version)
);
create index classification_proposal_by_dataset on compliance.classification_proposal (dataset_id, id);
create trigger classification_proposal_is_history before update or delete on compliance.classification_proposal for each row execute function shared.refuse_change();
create trigger classification_proposal_is_kept before truncate on compliance.classification_proposal for each statement execute function shared.refuse_change();

-- A classification that is milder than its proposals, with the vendor's reasons, before staff.
create table compliance.classification_check (
  id uuid primary key,
  dataset_id uuid not null,
  product_id uuid not null,
  vendor_id uuid not null,
  declared_hash text not null check (declared_hash ~ '^[0-9a-f]{64}$'),
  deviations jsonb not null check (jsonb_typeof(deviations) = 'array' and jsonb_array_length(deviations) > 0),
  state text not null check (state in ('AWAITING_REVIEW', 'ACCEPTED', 'REJECTED', 'SUPERSEDED')),
  reviewed_by text,
  reason text check (length(reason) between 3 and 5000),
  reviewed_at timestamptz,
  created_at timestamptz not null,
  check ((state in ('ACCEPTED', 'REJECTED')) = (reviewed_by is not null and reason is not null and reviewed_at is not null))
);
create unique index classification_check_open on compliance.classification_check (dataset_id) where state = 'AWAITING_REVIEW';
create index classification_check_by_dataset on compliance.classification_check (dataset_id, id);
create index classification_check_by_state on compliance.classification_check (state, id);
-- What was handed in and what was decided of it stays.
create function compliance.refuse_check_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.state <> 'AWAITING_REVIEW' or (to_jsonb(new) - '{state,reviewed_by,reason,reviewed_at}'::text[]) <> (to_jsonb(old) - '{state,reviewed_by,reason,reviewed_at}'::text[]) then
    raise exception 'a classification check is decided once' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger classification_check_is_final before update or delete on compliance.classification_check for each row execute function compliance.refuse_check_change();
create trigger classification_check_is_kept before truncate on compliance.classification_check for each statement execute function shared.refuse_change();

select shared.guard('compliance.classification_proposal', '{vendor_id}'), shared.guard('compliance.classification_check', '{vendor_id}');

-- Finalised revisions whose files wait to be read.
create table delivery.profile_job (
  revision_id uuid primary key,
  dataset_id uuid not null,
  product_id uuid not null,
  vendor_id uuid not null,
  requested_at timestamptz not null,
  -- Whoever reads it holds it until then; after a crash another takes it up.
  held_until timestamptz not null,
  attempts int not null default 0 check (attempts >= 0),
  finished_at timestamptz
);
create index profile_job_due on delivery.profile_job (held_until) where finished_at is null;
create index profile_job_open on delivery.profile_job (product_id) where finished_at is null;
select shared.guard('delivery.profile_job', '{}');

-- What was finalised before is read too.
insert into delivery.profile_job (revision_id, dataset_id, product_id, vendor_id, requested_at, held_until)
select r.id, d.id, d.product_id, d.vendor_id, now(), now() from catalog.revision r join catalog.dataset d on d.id = r.dataset_id join catalog.product p on p.id = d.product_id
where r.state = 'FINALISED' and p.state <> 'WITHDRAWN';

-- The vendor's word beside the tags: where the data comes from, the report on its anonymisation, and why he is milder than the proposal.
alter table catalog.dataset
  add column source jsonb check (jsonb_typeof(source) = 'object'),
  add column deviation_reasons jsonb not null default '{}' check (jsonb_typeof(deviation_reasons) = 'object'),
  add column anonymisation_report jsonb check (jsonb_typeof(anonymisation_report) = 'object');
