-- An agreement takes the place of an older one: it renews it from its end on, or replaces it from the moment on at which it begins. Neither document changes.
create table contracts.supersession (
  agreement_id uuid primary key references contracts.agreement (id),
  superseded_id uuid not null references contracts.agreement (id) check (superseded_id <> agreement_id),
  vendor_id uuid not null,
  buyer_id uuid not null,
  kind text not null check (kind in ('RENEWAL', 'REPLACEMENT')),
  agreed_at timestamptz not null,
  -- From when the newer one holds; null: it is not paid yet, or came to nothing.
  effective_at timestamptz
);
create index supersession_of_older on contracts.supersession (superseded_id, agreement_id);
create function contracts.refuse_supersession_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.effective_at is not null or (to_jsonb(new) - 'effective_at') is distinct from (to_jsonb(old) - 'effective_at') then
    raise exception 'what supersedes what takes effect once and never changes' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger supersession_stays before update or delete on contracts.supersession for each row execute function contracts.refuse_supersession_change();
create trigger supersession_is_kept before truncate on contracts.supersession for each statement execute function shared.refuse_change();
select shared.guard('contracts.supersession', '{vendor_id,buyer_id}');

-- An order that waits still knows what it renews.
alter table contracts.pending_order add column renews_agreement_id uuid;

-- One ground more on which an agreement ends: another one took its place.
alter table contracts.termination drop constraint termination_reason_code_check,
  add constraint termination_reason_code_check check (reason_code in ('MUTUAL_CONSENT', 'CONVENIENCE', 'MATERIAL_BREACH', 'LAW', 'SUPERSEDED'));
