-- The law as data: every document that was ever taken, under its hash, and every set of documents that was ever applied. Decisions carry the
-- hash of the set (those of the first form the hash of their one rulebook), so each can be worked out again.
create table compliance.law_document (
  hash text primary key check (hash ~ '^[0-9a-f]{64}$'),
  kind text not null check (kind in ('rulebook', 'list', 'calendar')),
  id text not null check (length(id) between 1 and 60),
  version text not null check (length(version) between 1 and 60),
  title text not null check (length(title) between 1 and 5000),
  content jsonb not null,
  -- Where it came from: the file's name, or the member of staff who handed it in.
  origin text not null check (length(origin) between 1 and 300),
  loaded_at timestamptz not null
);
create index law_document_by_id on compliance.law_document (kind, id, loaded_at);
insert into compliance.law_document (hash, kind, id, version, title, content, origin, loaded_at)
  select hash, 'rulebook', id, version, content->>'title', content, 'taken at start', loaded_at from compliance.rulebook;
drop table compliance.rulebook;
create trigger law_document_is_history before update or delete on compliance.law_document for each row execute function shared.refuse_change();
create trigger law_document_is_kept before truncate on compliance.law_document for each statement execute function shared.refuse_change();

create table compliance.law_set (
  seq bigint generated always as identity primary key,
  hash text not null check (hash ~ '^[0-9a-f]{64}$'),
  -- In the order in which they were activated: of two rulebooks of the same day the later one applies.
  documents text[] not null check (cardinality(documents) > 0),
  activation_id uuid,
  applied_at timestamptz not null
);
create index law_set_by_hash on compliance.law_set (hash);
create trigger law_set_is_history before update or delete on compliance.law_set for each row execute function shared.refuse_change();
create trigger law_set_is_kept before truncate on compliance.law_set for each statement execute function shared.refuse_change();

-- A change of the law in force: one member of staff proposes, another one confirms.
create table compliance.law_activation (
  id uuid primary key,
  document_hash text not null references compliance.law_document (hash),
  act text not null check (act in ('ACTIVATE', 'RETIRE')),
  state text not null check (state in ('PROPOSED', 'CONFIRMED', 'REJECTED')),
  reason text not null check (length(reason) between 3 and 5000),
  proposed_by text not null,
  proposed_at timestamptz not null,
  decided_by text,
  decided_at timestamptz,
  check ((state = 'PROPOSED') = (decided_by is null and decided_at is null)),
  check (decided_by is null or state = 'REJECTED' or decided_by <> proposed_by)
);
create unique index law_activation_open on compliance.law_activation (document_hash) where state = 'PROPOSED';

-- The law is public; who proposed what is the staff's.
select shared.guard('compliance.law_document', '{}', 'true'), shared.guard('compliance.law_set', '{}', 'true'), shared.guard('compliance.law_activation', '{}');

-- A transfer that needs a mechanism is permitted once the mechanism is held; what is prohibited never is.
do $$
declare named text;
begin
  for named in select conname from pg_constraint where conrelid = 'compliance.decision'::regclass and contype = 'c' and (pg_get_constraintdef(oid) like '%permitted =%' or pg_get_constraintdef(oid) like '%standard_contract%') loop
    execute format('alter table compliance.decision drop constraint %I', named);
  end loop;
end $$;
alter table compliance.decision
  add column needs jsonb not null default '[]' check (jsonb_typeof(needs) = 'array'),
  add column missing text[] not null default '{}',
  add constraint decision_outcome check (outcome in ('free', 'exempt', 'conditional', 'standard_contract', 'certification', 'security_assessment', 'prohibited', 'manual_review')),
  add constraint decision_fails_closed check (not permitted or (outcome <> 'prohibited' and cardinality(missing) = 0 and needs = '[]')),
  add constraint decision_free_is_permitted check (permitted or outcome not in ('free', 'exempt') or cardinality(missing) > 0);
