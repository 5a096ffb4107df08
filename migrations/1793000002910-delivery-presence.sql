-- A request that brings bytes says that it is there; of a process that died it does so no more. Null: held until it is released.
alter table delivery.held_bytes add column seen_at timestamptz;
drop index delivery.held_bytes_of_vendor;
create index held_bytes_of_vendor on delivery.held_bytes (vendor_id) include (bytes, seen_at);

-- What is written of a call whose process died, once its time is over. Null: let in before this was kept.
alter table delivery.open_call add column product_id uuid, add column operation text check (length(operation) <= 600), add column started_at timestamptz,
  -- What it is charged as: still in `calls` as long as it is not charged.
  add column cost bigint check (cost >= 0);
alter table delivery.api_call drop constraint api_call_outcome_check;
alter table delivery.api_call add constraint api_call_outcome_check
  check (outcome in ('CHARGED', 'ANSWERED', 'VENDOR_FAILED', 'TIMED_OUT', 'BROKEN_OFF', 'CLIENT_LEFT', 'REFUSED', 'INTERRUPTED'));
