-- Texts that explain the rules, as they were on a day: one row for each version in each language.
create table compliance.guideline (
  hash text primary key check (hash ~ '^[0-9a-f]{64}$'),
  id text not null check (length(id) between 1 and 60),
  language text not null check (language in ('en', 'zh')),
  version text not null check (length(version) between 1 and 60),
  -- The day of the text, as it says itself.
  dated date not null,
  title text not null check (length(title) between 1 and 200),
  text text not null check (length(text) between 1 and 20000),
  loaded_at timestamptz not null
);
create index guideline_by_id on compliance.guideline (id, language, loaded_at);
create trigger guideline_is_history before update or delete on compliance.guideline for each row execute function shared.refuse_change();
create trigger guideline_is_kept before truncate on compliance.guideline for each statement execute function shared.refuse_change();
select shared.guard('compliance.guideline', '{}', 'true');

-- Why a change of the law was confirmed or rejected.
alter table compliance.law_activation add column decision_reason text check (length(decision_reason) between 3 and 5000);
