-- The scenario that a product claims, with the version of its pack.
alter table catalog.product
  add column scenario jsonb check (jsonb_typeof(scenario) = 'object'),
  add column scenario_pack text generated always as (scenario ->> 'pack') stored;

-- What a vendor tells those who hold licences on a product of his.
create table catalog.announcement (
  id uuid primary key,
  product_id uuid not null references catalog.product (id),
  vendor_id uuid not null,
  kind text not null check (kind in ('UPDATED', 'DELAYED', 'SCHEMA_CHANGE', 'DEPRECATION')),
  text text not null check (length(text) between 3 and 5000),
  effective_on date,
  announced_by text not null,
  announced_at timestamptz not null
);
create index announcement_of_product on catalog.announcement (product_id, id);
create trigger announcement_is_history before update or delete on catalog.announcement for each row execute function shared.refuse_change();
create trigger announcement_is_kept before truncate on catalog.announcement for each statement execute function shared.refuse_change();
select shared.guard('catalog.announcement', '{vendor_id}', 'exists (select 1 from catalog.product p where p.id = product_id)');

-- How many looked, tried, asked and bought, by month; never who. Counted in batches.
create table catalog.product_funnel (
  product_id uuid not null references catalog.product (id),
  month date not null check (extract(day from month) = 1),
  views bigint not null default 0 check (views >= 0),
  samples bigint not null default 0 check (samples >= 0),
  requests bigint not null default 0 check (requests >= 0),
  trades bigint not null default 0 check (trades >= 0),
  primary key (product_id, month)
);
select shared.guard('catalog.product_funnel', '{}', 'exists (select 1 from catalog.product p where p.id = product_id and p.vendor_id = (select shared.tenant()))');

-- Orders that wait are told of several times and counted once.
create table catalog.funnel_order (
  order_id uuid primary key,
  product_id uuid not null references catalog.product (id),
  counted_at timestamptz not null
);
select shared.guard('catalog.funnel_order', '{}');
