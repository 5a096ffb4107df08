-- The plan by which a licence is charged, and those that take its place at a turn of period: who is bound by a change is written down with it.
alter table contracts.licence add column plan_id uuid;
update contracts.licence l set plan_id = (a.plan ->> 'id')::uuid from contracts.agreement a where a.id = l.agreement_id;
alter table contracts.licence alter column plan_id set not null;
create index licence_of_plan on contracts.licence (plan_id, id) where state in ('PENDING', 'ACTIVE', 'SUSPENDED');
create table contracts.licence_price (
  licence_id uuid not null references contracts.licence (id),
  -- The offer that brought it.
  offer_id uuid not null references contracts.offer (id),
  vendor_id uuid not null,
  buyer_id uuid not null,
  plan jsonb not null check (jsonb_typeof(plan) = 'object'),
  -- The first period that begins then or later is charged by it.
  effective_on timestamptz not null,
  announced_at timestamptz not null,
  primary key (licence_id, offer_id),
  check (effective_on > announced_at)
);
create trigger licence_price_is_history before update or delete on contracts.licence_price for each row execute function shared.refuse_change();
create trigger licence_price_is_kept before truncate on contracts.licence_price for each statement execute function shared.refuse_change();
select shared.guard('contracts.licence_price', '{vendor_id,buyer_id}');

-- What a product costs, for search: of public offers that can be taken now, told by contracts. `lowest_price_minor` stands beside `price_currencies`.
alter table catalog.product
  add column if not exists price_models text[] not null default '{}',
  add constraint product_price_models check (price_models <@ array['ONE_OFF', 'RECURRING', 'USAGE', 'FREE', 'TRIAL']),
  add column price_currencies text[] not null default '{}',
  add column lowest_price_minor bigint[] not null default '{}',
  add constraint product_prices check (cardinality(price_currencies) = cardinality(lowest_price_minor));
-- When the offers of a product change by the clock: one opens, lapses or is superseded.
create table contracts.offer_clock (
  product_id uuid primary key,
  vendor_id uuid not null,
  next_at timestamptz
);
create index offer_clock_due on contracts.offer_clock (next_at) where next_at is not null;
select shared.guard('contracts.offer_clock', '{vendor_id}');
-- Those that are there are looked at once after the start.
insert into contracts.offer_clock (product_id, vendor_id, next_at) select product_id, min(vendor_id::text)::uuid, now() from contracts.offer where state = 'ACTIVE' and audience = 'PUBLIC' group by product_id;
