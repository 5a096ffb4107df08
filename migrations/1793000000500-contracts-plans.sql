-- A price becomes a plan: what is paid once, what recurs, what is used, for how long. Offers hold up to twelve; order, agreement and licence
-- hold the one that was chosen. What was priced before gets the plan that says the same; its id is that of the offer.
create function contracts.plan_of_before(id uuid, currency text, one_off_minor bigint, per_download text, days int) returns jsonb language sql immutable as $$
  select jsonb_build_object(
    'id', id, 'label', 'Standard', 'currency', currency, 'duration', 'P' || days || 'D', 'period', null, 'minimumCommitmentMinor', null, 'trial', null,
    'components', jsonb_build_array(jsonb_build_object('kind', 'ONE_OFF', 'label', 'Licence', 'minor', one_off_minor::text))
      || case when per_download::numeric = 0 then '[]'::jsonb else jsonb_build_array(jsonb_build_object(
           'kind', 'USAGE', 'label', 'Downloads', 'meter', 'downloads', 'model', 'FLAT', 'packageSize', null, 'freeQuota', '0',
           'tiers', jsonb_build_array(jsonb_build_object('upTo', null, 'unitPrice', per_download, 'flatFeeMinor', '0')))) end)
$$;

alter table contracts.offer
  add column plans jsonb,
  -- What the cheapest plan asks for at the start, in minor units of its currency: the order of a list.
  add column entry_minor bigint,
  add column audience text not null default 'PUBLIC' check (audience in ('PUBLIC', 'NAMED')),
  -- The organisations that see and take it, and nobody else.
  add column audience_ids uuid[] not null default '{}' check (cardinality(audience_ids) <= 100),
  -- From when it can be taken; null: at once.
  add column opens_at timestamptz,
  -- The offer whose prices it changes, and when another one takes this one's place.
  add column supersedes_id uuid references contracts.offer (id),
  add column superseded_at timestamptz;
alter table contracts.offer disable trigger offer_terms_stay;
update contracts.offer set plans = jsonb_build_array(contracts.plan_of_before(id, currency, one_off_price_minor, per_download_price, licence_days)), entry_minor = one_off_price_minor;
alter table contracts.offer enable trigger offer_terms_stay;
drop index contracts.offer_of_product;
alter table contracts.offer
  alter column plans set not null,
  alter column entry_minor set not null,
  add constraint offer_plans check (jsonb_typeof(plans) = 'array' and jsonb_array_length(plans) between 1 and 12),
  add constraint offer_entry check (entry_minor >= 0),
  add constraint offer_audience check ((audience = 'NAMED') = (cardinality(audience_ids) > 0)),
  -- A price for one customer without an end is a price that nobody remembers.
  add constraint offer_named_ends check (audience = 'PUBLIC' or valid_until is not null),
  drop column currency, drop column one_off_price_minor, drop column per_download_price, drop column licence_days;
create index offer_of_product on contracts.offer (product_id, entry_minor, id) where state = 'ACTIVE' and audience = 'PUBLIC';
create index offer_named on contracts.offer using gin (audience_ids) where state = 'ACTIVE' and audience = 'NAMED';
create index offer_of_product_named on contracts.offer (product_id, id) where state = 'ACTIVE' and audience = 'NAMED';
create unique index offer_supersedes on contracts.offer (supersedes_id) where supersedes_id is not null;
create or replace function contracts.refuse_offer_change() returns trigger language plpgsql as $$
begin
  if (to_jsonb(new) - '{state,superseded_at}'::text[]) is distinct from (to_jsonb(old) - '{state,superseded_at}'::text[]) or (old.superseded_at is not null and new.superseded_at is distinct from old.superseded_at) then
    raise exception 'the terms of an offer are never changed' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
drop policy reads on contracts.offer;
create policy reads on contracts.offer for select to entrepot_app using (
  (state = 'ACTIVE' and (audience = 'PUBLIC' or (select shared.tenant()) = any(audience_ids))) or vendor_id = (select shared.tenant()) or (select shared.reads_all()));

alter table contracts.agreement add column plan jsonb;
alter table contracts.agreement disable trigger agreement_is_frozen;
update contracts.agreement a set plan = contracts.plan_of_before(a.offer_id, a.currency, a.one_off_price_minor, a.per_download_price, coalesce(l.days, 1))
  from (select g.id, max(c.days) as days from contracts.agreement g left join contracts.licence c on c.agreement_id = g.id group by g.id) l where l.id = a.id;
alter table contracts.agreement enable trigger agreement_is_frozen;
alter table contracts.agreement
  alter column plan set not null,
  add constraint agreement_plan check (jsonb_typeof(plan) = 'object'),
  drop column currency, drop column one_off_price_minor, drop column per_download_price;

alter table contracts.pending_order add column plan jsonb;
alter table contracts.pending_order disable trigger pending_order_stays;
update contracts.pending_order p set plan = jsonb_set(o.plans -> 0, '{id}', to_jsonb(o.id)) from contracts.offer o where o.id = p.offer_id;
alter table contracts.pending_order enable trigger pending_order_stays;
alter table contracts.pending_order
  alter column plan set not null,
  add constraint pending_order_plan check (jsonb_typeof(plan) = 'object'),
  drop column currency, drop column one_off_price_minor, drop column per_download_price;
drop function contracts.plan_of_before;

-- A licence lasts by the calendar. `paid_from`: the periods of its plan count from there; before it lies the trial.
alter table contracts.licence
  add column duration text,
  add column paid_from timestamptz,
  -- When its buyer had it end with the period that was running.
  add column cancelled_at timestamptz;
update contracts.licence set duration = 'P' || days || 'D', paid_from = valid_from;
alter table contracts.licence
  alter column duration set not null,
  drop column days,
  add constraint licence_duration check (duration ~ '^P[0-9DWMY]{2,12}$'),
  add constraint licence_paid_from check ((paid_from is null) = (valid_from is null) and paid_from >= valid_from);

-- A product is tried once by an organisation.
create table contracts.trial (
  buyer_id uuid not null,
  product_id uuid not null,
  agreement_id uuid not null references contracts.agreement (id),
  begun_at timestamptz not null,
  primary key (buyer_id, product_id)
);
create trigger trial_is_history before update or delete on contracts.trial for each row execute function shared.refuse_change();
create trigger trial_is_kept before truncate on contracts.trial for each statement execute function shared.refuse_change();
select shared.guard('contracts.trial', '{buyer_id}');
