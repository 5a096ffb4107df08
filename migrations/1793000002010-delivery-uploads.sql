-- What of a vendor's quota is taken, by whom: an object of the storage, an upload that is under way. Whoever asks for more locks the vendor first.
create table delivery.held_bytes (
  holder_id uuid primary key,
  vendor_id uuid not null,
  bytes bigint not null check (bytes > 0),
  since timestamptz not null
);
create index held_bytes_of_vendor on delivery.held_bytes (vendor_id) include (bytes);
create index held_bytes_by_age on delivery.held_bytes (since);
select shared.guard('delivery.held_bytes', '{vendor_id}');
-- The files of assets that were taken out of a draft are cleared, or will be.
insert into delivery.held_bytes (holder_id, vendor_id, bytes, since)
  select s.object_key, s.vendor_id, s.byte_length, s.stored_at from delivery.stored_object s where exists (select 1 from catalog.asset a where a.id = s.asset_id);

-- A resumable upload. How much of it has come is the length of its file.
create table delivery.upload (
  id uuid primary key,
  asset_id uuid not null,
  vendor_id uuid not null,
  byte_length bigint not null check (byte_length > 0),
  -- One of several that are put together at the end.
  partial boolean not null,
  created_at timestamptz not null,
  expires_at timestamptz not null check (expires_at > created_at),
  -- Its bytes are those of the asset now.
  finished_at timestamptz check (finished_at >= created_at)
);
create index upload_of_asset on delivery.upload (asset_id);
create index upload_by_end on delivery.upload (expires_at);
select shared.guard('delivery.upload', '{vendor_id}');
