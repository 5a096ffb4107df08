-- Where a key may be used from (an empty list: anywhere), what took its place, when it was last used, whether its end was announced.
alter table identity.api_key
  add column allow_list text[] not null default '{}' check (cardinality(allow_list) <= 20),
  add column successor_id uuid references identity.api_key (id) check (successor_id <> id),
  add column last_used_at timestamptz,
  add column last_used_address text check (length(last_used_address) <= 64),
  add column expiry_announced_at timestamptz;
create unique index api_key_one_predecessor on identity.api_key (successor_id) where successor_id is not null;
create index api_key_by_expiry on identity.api_key (expires_at) where revoked_at is null and successor_id is null and expiry_announced_at is null;
