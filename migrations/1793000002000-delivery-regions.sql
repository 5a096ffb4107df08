-- Where an object lies. What was stored before there were regions lies in the folder of the exchange.
alter table delivery.pending_object add column region text not null default 'local' check (region ~ '^[a-z][a-z0-9-]{1,39}$');
alter table delivery.stored_object add column region text not null default 'local' check (region ~ '^[a-z][a-z0-9-]{1,39}$');
alter table delivery.delivery add column region text not null default 'local' check (region ~ '^[a-z][a-z0-9-]{1,39}$');
alter table delivery.pending_object alter column region drop default;
alter table delivery.stored_object alter column region drop default;
alter table delivery.delivery alter column region drop default;
-- Which regions are in use is asked at every start.
create index stored_object_by_region on delivery.stored_object (region);

-- The home region of an asset: as its vendor chose it before the upload, or where the upload put it.
create table delivery.home_region (
  asset_id uuid primary key,
  vendor_id uuid not null,
  region text not null check (region ~ '^[a-z][a-z0-9-]{1,39}$'),
  chosen_at timestamptz not null
);
-- Under whose law a file lies is for everybody to know who looks at it.
select shared.guard('delivery.home_region', '{vendor_id}', 'true');
insert into delivery.home_region (asset_id, vendor_id, region, chosen_at) select asset_id, vendor_id, region, stored_at from delivery.stored_object;
