-- After a licence: where its terms demand it, what was had of the data is deleted, certified, and followed up until it is.
-- When the first byte of all left under a licence: who never had anything has nothing to delete.
alter table contracts.licence add column first_delivered_at timestamptz;
update contracts.licence l set first_delivered_at = d.at from (select licence_id, min(started_at) as at from delivery.delivery where started_at is not null group by licence_id) d where d.licence_id = l.id;

create table contracts.deletion (
  id uuid primary key,
  licence_id uuid not null unique references contracts.licence (id),
  agreement_id uuid not null references contracts.agreement (id),
  product_id uuid not null,
  vendor_id uuid not null,
  buyer_id uuid not null,
  -- The clause of the terms that demands it.
  clause text not null check (length(clause) between 1 and 200),
  state text not null check (state in ('REQUESTED', 'OVERDUE', 'CERTIFIED', 'CONTESTED', 'CLOSED')),
  requested_at timestamptz not null,
  due_at timestamptz not null,
  -- When somebody is reminded, or time itself moves it on.
  next_at timestamptz,
  closed_at timestamptz,
  check ((state = 'CLOSED') = (closed_at is not null)),
  check (next_at is null or state in ('REQUESTED', 'OVERDUE', 'CERTIFIED'))
);
create index deletion_next on contracts.deletion (next_at) where next_at is not null;
create index deletion_of_vendor on contracts.deletion (vendor_id, id);
create index deletion_of_buyer on contracts.deletion (buyer_id, id);
create index deletion_overdue on contracts.deletion (buyer_id, vendor_id) where state = 'OVERDUE';
create function contracts.refuse_deletion_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.state = 'CLOSED' or (to_jsonb(new) - '{state,due_at,next_at,closed_at}'::text[]) is distinct from (to_jsonb(old) - '{state,due_at,next_at,closed_at}'::text[]) then
    raise exception 'what is to be deleted, and for whom, never changes, and what is over stays over' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger deletion_stays before update or delete on contracts.deletion for each row execute function contracts.refuse_deletion_change();
create trigger deletion_is_kept before truncate on contracts.deletion for each statement execute function shared.refuse_change();

-- What the buyer states and signs: as it was filed.
create table contracts.deletion_certificate (
  id uuid primary key,
  deletion_id uuid not null references contracts.deletion (id),
  vendor_id uuid not null,
  buyer_id uuid not null,
  document jsonb not null check (jsonb_typeof(document) = 'object'),
  hash text not null check (hash ~ '^[0-9a-f]{64}$'),
  -- The member and his mandate, where authority signed; the API key through which, or whose registered key, signed.
  member_id uuid,
  display_name text,
  mandate_id uuid,
  key_id uuid,
  -- JWS over the hash: of a registered key of the buyer, and of the exchange.
  jws text check (length(jws) between 20 and 8000),
  countersignature text not null check (length(countersignature) between 20 and 8000),
  filed_at timestamptz not null,
  check ((jws is null) = (member_id is not null)),
  check (jws is null or key_id is not null)
);
create index deletion_certificate_of_deletion on contracts.deletion_certificate (deletion_id, id);
create trigger deletion_certificate_is_history before update or delete on contracts.deletion_certificate for each row execute function shared.refuse_change();
create trigger deletion_certificate_is_kept before truncate on contracts.deletion_certificate for each statement execute function shared.refuse_change();

create table contracts.deletion_event (
  id uuid primary key,
  deletion_id uuid not null references contracts.deletion (id),
  vendor_id uuid not null,
  buyer_id uuid not null,
  event text not null check (event in ('request', 'remind', 'lapse', 'certify', 'contest', 'release', 'settle', 'close', 'reopen')),
  state text not null,
  side text not null check (side in ('VENDOR', 'BUYER', 'EXCHANGE')),
  text text check (length(text) between 1 and 5000),
  certificate_id uuid references contracts.deletion_certificate (id),
  at timestamptz not null,
  check ((event = 'certify') = (certificate_id is not null))
);
create index deletion_event_of_deletion on contracts.deletion_event (deletion_id, id);
create trigger deletion_event_is_history before update or delete on contracts.deletion_event for each row execute function shared.refuse_change();
create trigger deletion_event_is_kept before truncate on contracts.deletion_event for each statement execute function shared.refuse_change();
select shared.guard('contracts.deletion', '{vendor_id,buyer_id}'), shared.guard('contracts.deletion_certificate', '{vendor_id,buyer_id}'), shared.guard('contracts.deletion_event', '{vendor_id,buyer_id}');
