-- Data that nobody lists yet: who looks for it says so, vendors answer.
create table catalog.data_request (
  id uuid primary key,
  asker_id uuid not null,
  asker_name text not null,
  asker_jurisdiction text not null,
  asker_state text not null,
  -- Vendors are not told who asks, until an answer is accepted.
  anonymous boolean not null,
  title text not null check (length(title) between 1 and 200),
  description text not null check (length(description) between 1 and 5000),
  themes text[] not null check (cardinality(themes) <= 50),
  countries text[] not null check (cardinality(countries) <= 250),
  frequency text,
  budget_min bigint check (budget_min >= 0),
  budget_max bigint check (budget_max >= budget_min),
  currency text,
  purposes text[] not null check (cardinality(purposes) <= 20),
  search tsvector not null,
  state text not null check (state in ('OPEN', 'FULFILLED', 'CLOSED', 'EXPIRED', 'REMOVED')),
  end_reason text,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  ended_at timestamptz,
  check ((currency is null) = (budget_min is null and budget_max is null)),
  check ((state = 'OPEN') = (ended_at is null)),
  check (state <> 'REMOVED' or end_reason is not null),
  check (expires_at > created_at)
);
create index data_request_of_asker on catalog.data_request (asker_id, id);
create index data_request_open on catalog.data_request (id) where state = 'OPEN';
create index data_request_expiring on catalog.data_request (expires_at) where state = 'OPEN';
create index data_request_search on catalog.data_request using gin (search);
create index data_request_themes on catalog.data_request using gin (themes);

create table catalog.data_request_answer (
  id uuid primary key,
  data_request_id uuid not null references catalog.data_request (id),
  vendor_id uuid not null,
  vendor_name text not null,
  vendor_jurisdiction text not null,
  message text not null check (length(message) between 1 and 5000),
  product_id uuid references catalog.product (id),
  state text not null check (state in ('SENT', 'ACCEPTED', 'DECLINED')),
  reason text,
  -- Who asked, for this vendor alone: known to him once his answer was accepted.
  asker_id uuid,
  asker_name text,
  asker_jurisdiction text,
  answered_at timestamptz not null,
  decided_at timestamptz,
  check ((state = 'SENT') = (decided_at is null)),
  check ((state = 'ACCEPTED') = (asker_id is not null))
);
create index data_request_answer_of_request on catalog.data_request_answer (data_request_id, id);
create index data_request_answer_of_vendor on catalog.data_request_answer (vendor_id, id);

-- What was asked never changes, and what is over stays over.
create function catalog.refuse_data_request_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or (old.state <> 'OPEN' and old.state <> new.state)
    or (new.id, new.asker_id, new.anonymous, new.title, new.description, new.themes, new.countries, new.purposes, new.expires_at, new.created_at) is distinct from (old.id, old.asker_id, old.anonymous, old.title, old.description, old.themes, old.countries, old.purposes, old.expires_at, old.created_at)
    or (new.frequency, new.budget_min, new.budget_max, new.currency) is distinct from (old.frequency, old.budget_min, old.budget_max, old.currency) then
    raise exception 'a request for data stays as it was asked, and over once it is over' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger data_request_stays before update or delete on catalog.data_request for each row execute function catalog.refuse_data_request_change();
create trigger data_request_is_kept before truncate on catalog.data_request for each statement execute function shared.refuse_change();
create function catalog.refuse_answer_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.state <> 'SENT' or (new.id, new.data_request_id, new.vendor_id, new.message, new.product_id, new.answered_at) is distinct from (old.id, old.data_request_id, old.vendor_id, old.message, old.product_id, old.answered_at) then
    raise exception 'an answer stays as it was given, and is decided once' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger data_request_answer_stays before update or delete on catalog.data_request_answer for each row execute function catalog.refuse_answer_change();
create trigger data_request_answer_is_kept before truncate on catalog.data_request_answer for each statement execute function shared.refuse_change();

-- The row names the asker, so it is his alone; what vendors read is a view without the name that is withheld.
select shared.guard('catalog.data_request', '{asker_id}'),
  shared.guard('catalog.data_request_answer', '{vendor_id}', 'exists (select 1 from catalog.data_request r where r.id = data_request_id and r.asker_id = (select shared.tenant()))');
create view catalog.data_request_board as
  select id, anonymous, title, description, themes, countries, frequency, budget_min, budget_max, currency, purposes, search, state, asker_state, expires_at, created_at, ended_at,
    case when not anonymous then asker_id end as asker_id, case when not anonymous then asker_name end as asker_name, case when not anonymous then asker_jurisdiction end as asker_jurisdiction
  from catalog.data_request where state <> 'REMOVED';
revoke all on catalog.data_request_board from entrepot_app;
grant select on catalog.data_request_board to entrepot_app;
