-- Licence terms as a policy of ODRL 2.2, read and checked, beside what ends an agreement. What was offered and agreed
-- before allowed the use for its purposes in its countries and nothing else; so do the terms that it gets.
create function contracts.terms_of_before(purposes text[], places text[]) returns jsonb language sql immutable as $$
  select jsonb_build_object('template', 'INTERNAL_USE', 'termination', jsonb_build_object('vendorNoticeDays', null, 'buyerNoticeDays', null), 'policy', jsonb_build_object(
    'permissions', jsonb_build_array(jsonb_build_object('uid', 'use', 'action', 'use', 'duties', '[]'::jsonb, 'conditions', jsonb_build_array(
      jsonb_build_object('operand', 'purpose', 'operator', 'isAnyOf', 'values', to_jsonb(purposes)), jsonb_build_object('operand', 'spatial', 'operator', 'isAnyOf', 'values', to_jsonb(places))))),
    'prohibitions', (select jsonb_agg(jsonb_build_object('uid', 'no-' || a, 'action', a, 'conditions', '[]'::jsonb, 'duties', '[]'::jsonb)) from unnest(array['distribute', 'grantUse', 'derive', 'commercialize']) a),
    'obligations', '[]'::jsonb))
$$;
alter table contracts.offer
  add column terms jsonb,
  -- Who made it for its vendor and by what authority; null of those made before that was kept.
  add column signatory jsonb check (jsonb_typeof(signatory) = 'object');
alter table contracts.offer disable trigger offer_terms_stay;
update contracts.offer set terms = contracts.terms_of_before(purposes, destinations);
alter table contracts.offer enable trigger offer_terms_stay;
alter table contracts.offer alter column terms set not null, add constraint offer_terms check (jsonb_typeof(terms) = 'object');

alter table contracts.agreement add column terms jsonb;
alter table contracts.agreement disable trigger agreement_is_frozen;
update contracts.agreement a set terms = contracts.terms_of_before(coalesce((select o.purposes from contracts.offer o where o.id = a.offer_id), array[a.purpose]), coalesce((select o.destinations from contracts.offer o where o.id = a.offer_id), array[a.destination]));
alter table contracts.agreement enable trigger agreement_is_frozen;
alter table contracts.agreement alter column terms set not null, add constraint agreement_terms check (jsonb_typeof(terms) = 'object');
drop function contracts.terms_of_before;

-- Who signed a concluded agreement, for whom and how: by authority on record, with a registered key, and the exchange over all of it.
create table contracts.agreement_signature (
  id uuid primary key,
  agreement_id uuid not null references contracts.agreement (id),
  vendor_id uuid not null,
  buyer_id uuid not null,
  side text not null check (side in ('VENDOR', 'BUYER', 'EXCHANGE')),
  kind text not null check (kind in ('AUTHORITY', 'KEY', 'COUNTERSIGNATURE')),
  -- The member and his mandate, where authority signed; the API key whose registered key signed.
  member_id uuid,
  display_name text,
  mandate_id uuid,
  key_id uuid,
  -- JWS over the hash, of keys and of the exchange.
  jws text check (length(jws) between 20 and 8000),
  signed_at timestamptz not null,
  check ((kind = 'AUTHORITY') = (jws is null)),
  check ((kind = 'COUNTERSIGNATURE') = (side = 'EXCHANGE'))
);
create unique index agreement_signature_once on contracts.agreement_signature (agreement_id, side, kind, coalesce(member_id, key_id, agreement_id));
create trigger agreement_signature_is_history before update or delete on contracts.agreement_signature for each row execute function shared.refuse_change();
create trigger agreement_signature_is_kept before truncate on contracts.agreement_signature for each statement execute function shared.refuse_change();
select shared.guard('contracts.agreement_signature', '{vendor_id,buyer_id}');

-- What a licensee passed on, and under which clause. Kept as it was judged.
create table contracts.reshare (
  id uuid primary key,
  licence_id uuid not null references contracts.licence (id),
  vendor_id uuid not null,
  buyer_id uuid not null,
  action text not null check (action in ('distribute', 'grantUse')),
  recipient_id uuid not null,
  places text[] not null check (cardinality(places) between 1 and 50),
  purpose text not null check (purpose ~ '^[A-Z][A-Z_]{2,39}$'),
  clause text not null,
  duties text[] not null,
  declared_at timestamptz not null,
  check (recipient_id <> buyer_id)
);
create index reshare_of_licence on contracts.reshare (licence_id, id);
create trigger reshare_is_history before update or delete on contracts.reshare for each row execute function shared.refuse_change();
create trigger reshare_is_kept before truncate on contracts.reshare for each statement execute function shared.refuse_change();
select shared.guard('contracts.reshare', '{vendor_id,buyer_id}');

-- Terms may count deliveries.
create index delivery_completed on delivery.delivery (licence_id) where completed_at is not null;
