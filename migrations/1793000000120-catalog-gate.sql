-- What the operator demands before a product is listed: documents, each a version, confirmed by a second person and never edited.
create table catalog.gate_rulebook (
  version text primary key check (version ~ '^[A-Za-z0-9.-]{1,40}$'),
  effective_from date not null,
  content jsonb not null check (jsonb_typeof(content) = 'object'),
  hash text not null unique check (hash ~ '^[0-9a-f]{64}$'),
  state text not null check (state in ('PROPOSED', 'ACTIVE', 'REJECTED')),
  proposed_by text not null,
  proposed_at timestamptz not null,
  decided_by text,
  reason text check (length(reason) between 3 and 5000),
  decided_at timestamptz,
  check ((state = 'PROPOSED') = (decided_by is null) and (decided_by is null) = (decided_at is null)),
  check (decided_by is null or decided_by <> proposed_by or proposed_by = 'system:catalog')
);
create index gate_rulebook_in_force on catalog.gate_rulebook (effective_from desc, decided_at desc) where state = 'ACTIVE';
create function catalog.refuse_rulebook_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.state <> 'PROPOSED' or (to_jsonb(new) - '{state,decided_by,reason,decided_at}'::text[]) <> (to_jsonb(old) - '{state,decided_by,reason,decided_at}'::text[]) then
    raise exception 'a rulebook of the gate is decided once and never edited' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger gate_rulebook_is_final before update or delete on catalog.gate_rulebook for each row execute function catalog.refuse_rulebook_change();
create trigger gate_rulebook_is_kept before truncate on catalog.gate_rulebook for each statement execute function shared.refuse_change();
select shared.guard('catalog.gate_rulebook', '{}', $$state = 'ACTIVE'$$);

-- A paper that lapses is renewed: another finding of the same step and submission.
alter table catalog.gate_record add column renewal int not null default 0 check (renewal >= 0);
alter table catalog.gate_record drop constraint gate_record_product_id_submission_step_key, add constraint gate_record_once unique (product_id, submission, step, renewal);

-- I10: nothing is certified or listed without each step that its rulebook demands, a test and a certificate among them.
alter table catalog.product
  drop constraint product_gate,
  add constraint product_gate check (state not in ('CERTIFIED', 'LISTED', 'SUSPENDED') or (
    gate_version is not null and demanded_steps @> '{PLATFORM_TEST,CERTIFICATE}' and demanded_steps <@ completed_steps
    and (not ('OPINION' = any (demanded_steps)) or opinion_valid_until is not null) and certificate_number is not null and certificate_valid_until is not null));
do $$
declare named text;
begin
  for named in select conname from pg_constraint where conrelid = 'catalog.product'::regclass and contype = 'c' and pg_get_constraintdef(oid) like '%suspended_by%''COMPLIANCE''%' loop
    execute format('alter table catalog.product drop constraint %I', named);
  end loop;
end $$;
alter table catalog.product add constraint product_suspended_by check (suspended_by in ('COMPLIANCE', 'STAFF', 'LAPSE'));
create index product_papers on catalog.product ((least(coalesce(opinion_valid_until, 'infinity'), certificate_valid_until))) where state = 'LISTED';
create index product_lapsed on catalog.product (id) where suspended_by = 'LAPSE';

-- What is demanded is settled when a product is handed in, and a step counts only with the record of it: by whatever way somebody comes.
create function catalog.hold_gate() returns trigger language plpgsql as $$
begin
  if (new.demanded_steps, new.gate_version) is distinct from (old.demanded_steps, old.gate_version) and not (old.state = 'DRAFT' and new.state = 'SUBMITTED') then
    raise exception 'product_gate: what is demanded is settled when a product is handed in' using errcode = 'restrict_violation';
  end if;
  if new.state in ('CERTIFIED', 'LISTED', 'SUSPENDED') and old.state not in ('CERTIFIED', 'LISTED', 'SUSPENDED') and exists (
    select 1 from unnest(new.demanded_steps) as s (step) where not exists (
      select 1 from catalog.gate_record g where g.product_id = new.id and g.submission = new.submission and g.step = s.step and g.passed)) then
    raise exception 'product_gate: a step without its record' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger product_holds_gate before update on catalog.product for each row execute function catalog.hold_gate();

-- Numbered certificates and their lives. Anybody may verify one; the exchange itself reads it for him, without what is for named organisations only.
create table catalog.listing_certificate (
  number bigint primary key check (number > 0),
  product_id uuid references catalog.product (id),
  product_title text not null,
  holder_id uuid not null,
  holder_name text not null,
  gate_version text not null,
  state text not null check (state in ('ACTIVE', 'CANCELLED', 'REVOKED')),
  issued_at timestamptz not null,
  valid_until timestamptz not null
);
create index listing_certificate_of_product on catalog.listing_certificate (product_id);
create table catalog.listing_certificate_event (
  id uuid primary key,
  number bigint not null references catalog.listing_certificate (number),
  act text not null check (act in ('issue', 'change', 'transfer', 'cancel', 'revoke')),
  product_id uuid,
  holder_id uuid not null,
  holder_name text not null,
  valid_until timestamptz not null,
  reason text check (length(reason) <= 5000),
  recorded_by text not null,
  recorded_at timestamptz not null
);
create index listing_certificate_event_of_number on catalog.listing_certificate_event (number, id);
create trigger listing_certificate_event_is_history before update or delete on catalog.listing_certificate_event for each row execute function shared.refuse_change();
create trigger listing_certificate_event_is_kept before truncate on catalog.listing_certificate_event for each statement execute function shared.refuse_change();
create function catalog.refuse_ended_certificate() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.state <> 'ACTIVE' or (new.number, new.issued_at) is distinct from (old.number, old.issued_at) then
    raise exception 'a certificate that has ended is never changed' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger listing_certificate_is_final before update or delete on catalog.listing_certificate for each row execute function catalog.refuse_ended_certificate();
select shared.guard('catalog.listing_certificate', '{holder_id}'), shared.guard('catalog.listing_certificate_event', '{holder_id}');

-- A number that was transferred goes on with another product; the register says whose it is.
alter table catalog.product drop constraint product_certificate_number_key;

-- Those that were issued before their lives were kept.
insert into catalog.listing_certificate (number, product_id, product_title, holder_id, holder_name, gate_version, state, issued_at, valid_until)
select p.certificate_number, p.id, p.title, p.vendor_id, p.vendor_name, coalesce(p.gate_version, '2026-11-01'),
  case when p.state in ('CERTIFIED', 'LISTED', 'SUSPENDED') then 'ACTIVE' else 'CANCELLED' end, coalesce(g.recorded_at, p.created_at), coalesce(p.certificate_valid_until, p.created_at)
from catalog.product p left join lateral (select max(r.recorded_at) as recorded_at from catalog.gate_record r where r.product_id = p.id and r.step = 'CERTIFICATE') g on true
where p.certificate_number is not null;
insert into catalog.listing_certificate_event (id, number, act, product_id, holder_id, holder_name, valid_until, reason, recorded_by, recorded_at)
select gen_random_uuid(), number, 'issue', product_id, holder_id, holder_name, valid_until, null, 'system:catalog', issued_at from catalog.listing_certificate;
insert into catalog.listing_certificate_event (id, number, act, product_id, holder_id, holder_name, valid_until, reason, recorded_by, recorded_at)
select gen_random_uuid(), c.number, 'cancel', c.product_id, c.holder_id, c.holder_name, c.valid_until, 'its product was taken back', 'system:catalog', now() from catalog.listing_certificate c where c.state = 'CANCELLED';
