-- How agreements are ended before their time. An agreement itself never changes.
create table contracts.termination (
  id uuid primary key,
  agreement_id uuid not null references contracts.agreement (id),
  vendor_id uuid not null,
  buyer_id uuid not null,
  reason_code text not null check (reason_code in ('MUTUAL_CONSENT', 'CONVENIENCE', 'MATERIAL_BREACH', 'LAW')),
  side text not null check (side in ('VENDOR', 'BUYER', 'EXCHANGE')),
  statement text not null check (length(statement) between 1 and 5000),
  state text not null check (state in ('PROPOSED', 'CONTESTED', 'EFFECTIVE', 'WITHDRAWN', 'DISMISSED')),
  effective_at timestamptz,
  answer text check (length(answer) between 1 and 5000),
  proposed_at timestamptz not null,
  closed_at timestamptz,
  check ((reason_code = 'LAW') = (side = 'EXCHANGE')),
  check ((state in ('PROPOSED', 'CONTESTED')) = (closed_at is null)),
  check (effective_at is not null or reason_code = 'MUTUAL_CONSENT')
);
-- One at a time, and after one that took effect none.
create unique index termination_open on contracts.termination (agreement_id) where state in ('PROPOSED', 'CONTESTED', 'EFFECTIVE');
create index termination_due on contracts.termination (effective_at) where state = 'PROPOSED' and effective_at is not null;
create index termination_of_vendor on contracts.termination (vendor_id, id);
create index termination_of_buyer on contracts.termination (buyer_id, id);
create function contracts.refuse_termination_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.state not in ('PROPOSED', 'CONTESTED') or (to_jsonb(new) - '{state,answer,closed_at}'::text[]) is distinct from (to_jsonb(old) - '{state,answer,closed_at}'::text[]) then
    raise exception 'what was proposed is never changed, and what is over stays over' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger termination_stays before update or delete on contracts.termination for each row execute function contracts.refuse_termination_change();
create trigger termination_is_kept before truncate on contracts.termination for each statement execute function shared.refuse_change();
select shared.guard('contracts.termination', '{vendor_id,buyer_id}');
