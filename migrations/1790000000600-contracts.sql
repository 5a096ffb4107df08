create schema contracts;

-- Prices and terms of an offer are never changed: it is withdrawn and another made.
create table contracts.offer (
  id uuid primary key,
  product_id uuid not null,
  vendor_id uuid not null,
  title text not null check (length(title) between 1 and 200),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  one_off_price_minor bigint not null check (one_off_price_minor > 0),
  per_download_price text not null check (per_download_price ~ '^(0|[1-9][0-9]{0,14})(\.[0-9]{1,12})?$'),
  licence_days int not null check (licence_days between 1 and 3660),
  purposes text[] not null check (cardinality(purposes) between 1 and 20),
  destinations text[] not null check (cardinality(destinations) between 1 and 250),
  state text not null check (state in ('ACTIVE', 'WITHDRAWN')),
  valid_until timestamptz,
  created_at timestamptz not null
);
create index offer_of_product on contracts.offer (product_id, one_off_price_minor, id) where state = 'ACTIVE';
create index offer_of_vendor on contracts.offer (vendor_id, id);
create function contracts.refuse_offer_change() returns trigger language plpgsql as $$
begin
  if (to_jsonb(new) - 'state') is distinct from (to_jsonb(old) - 'state') then
    raise exception 'the terms of an offer are never changed' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger offer_terms_stay before update on contracts.offer for each row execute function contracts.refuse_offer_change();
create trigger offer_is_kept before delete on contracts.offer for each row execute function shared.refuse_change();

create table contracts.agreement (
  id uuid primary key,
  offer_id uuid not null references contracts.offer (id),
  product_id uuid not null,
  vendor_id uuid not null,
  buyer_id uuid not null check (buyer_id <> vendor_id),
  decision_id uuid not null,
  document jsonb not null,
  hash text not null unique check (hash ~ '^[0-9a-f]{64}$'),
  currency text not null,
  one_off_price_minor bigint not null check (one_off_price_minor > 0),
  per_download_price text not null,
  purpose text not null,
  destination text not null,
  concluded_at timestamptz not null
);
create index agreement_of_vendor on contracts.agreement (vendor_id, id);
create index agreement_of_buyer on contracts.agreement (buyer_id, id);
create trigger agreement_is_frozen before update or delete on contracts.agreement for each row execute function shared.refuse_change();
create trigger agreement_is_kept before truncate on contracts.agreement for each statement execute function shared.refuse_change();

create table contracts.licence (
  id uuid primary key,
  agreement_id uuid not null unique references contracts.agreement (id),
  product_id uuid not null,
  vendor_id uuid not null,
  buyer_id uuid not null,
  state text not null check (state in ('PENDING', 'ACTIVE', 'EXPIRED')),
  days int not null check (days > 0),
  valid_from timestamptz,
  valid_until timestamptz,
  created_at timestamptz not null,
  check ((state = 'PENDING') = (valid_from is null)),
  check ((valid_from is null) = (valid_until is null)),
  check (valid_until > valid_from)
);
create index licence_of_buyer on contracts.licence (buyer_id, id);
create index licence_of_vendor on contracts.licence (vendor_id, id);
create index licence_to_expire on contracts.licence (valid_until) where state = 'ACTIVE';
