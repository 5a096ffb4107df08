-- Who asked for a delivery: `member:` or `key:` and the id. The token is good as long as he is. Unknown of those opened before.
alter table delivery.delivery add column asked_by text check (asked_by ~ '^(member|key):[0-9a-f-]{36}$');
alter table delivery.delivery drop constraint delivery_state_check;
alter table delivery.delivery add constraint delivery_state_check check (state in ('OPEN', 'COMPLETED', 'SPENT', 'EXPIRED', 'REVOKED'));
-- Taken back before its time. One that was complete by then is spent, and stays charged.
alter table delivery.delivery add column revoked_at timestamptz;
alter table delivery.delivery add constraint delivery_revoked check (case state when 'REVOKED' then revoked_at is not null when 'SPENT' then true else revoked_at is null end);
create index delivery_of_licence on delivery.delivery (licence_id, requested_at desc, id desc);

-- A response that holds a place of its licence, whatever process sends it. One whose process died has not been seen for a while and holds none.
create table delivery.response_slot (
  id uuid primary key,
  licence_id uuid not null,
  delivery_id uuid not null references delivery.delivery (id),
  -- By the database's clock, which all processes share.
  seen_at timestamptz not null
);
create index response_slot_of_licence on delivery.response_slot (licence_id);
create index response_slot_by_age on delivery.response_slot (seen_at);
select shared.guard('delivery.response_slot', '{}');
