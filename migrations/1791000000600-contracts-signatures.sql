-- An order that waits for its second signature. The buyer's own matter: the vendor learns of it when it is concluded.
create table contracts.pending_order (
  id uuid primary key,
  buyer_id uuid not null,
  offer_id uuid not null references contracts.offer (id),
  purpose text not null check (length(purpose) between 1 and 40),
  destination text not null check (destination ~ '^[A-Z]{2}$'),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  one_off_price_minor bigint not null check (one_off_price_minor > 0),
  per_download_price text not null,
  requested_by uuid not null,
  state text not null check (state in ('AWAITING_SIGNATURE', 'CONCLUDED', 'REJECTED', 'EXPIRED')),
  expires_at timestamptz not null check (expires_at > created_at),
  closed_by uuid,
  closed_at timestamptz,
  agreement_id uuid unique references contracts.agreement (id),
  created_at timestamptz not null,
  check ((state = 'AWAITING_SIGNATURE') = (closed_at is null)),
  check ((state in ('CONCLUDED', 'REJECTED')) = (closed_by is not null)),
  check ((state = 'CONCLUDED') = (agreement_id is not null)),
  check (state <> 'CONCLUDED' or closed_by <> requested_by)
);
create index pending_order_of_buyer on contracts.pending_order (buyer_id, id);
create index pending_order_to_expire on contracts.pending_order (expires_at) where state = 'AWAITING_SIGNATURE';
create function contracts.refuse_pending_order_change() returns trigger language plpgsql as $$
begin
  if (to_jsonb(new) - '{state,closed_by,closed_at,agreement_id}'::text[]) is distinct from (to_jsonb(old) - '{state,closed_by,closed_at,agreement_id}'::text[]) or old.state <> 'AWAITING_SIGNATURE' then
    raise exception 'what was ordered is never changed, and a closed order stays closed' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger pending_order_stays before update on contracts.pending_order for each row execute function contracts.refuse_pending_order_change();
create trigger pending_order_is_kept before delete on contracts.pending_order for each row execute function shared.refuse_change();
