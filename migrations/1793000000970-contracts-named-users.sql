-- Who of a buyer uses a licence whose terms count users by name.
create table contracts.named_user (
  id uuid primary key,
  licence_id uuid not null references contracts.licence (id),
  buyer_id uuid not null,
  kind text not null check (kind in ('MEMBER', 'KEY')),
  -- The member, or the API key.
  user_id uuid not null,
  named_at timestamptz not null,
  released_at timestamptz,
  check (released_at > named_at)
);
create unique index named_user_now on contracts.named_user (licence_id, user_id) where released_at is null;
create index named_user_of_licence on contracts.named_user (licence_id, id);
create function contracts.refuse_named_user_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.released_at is not null or (to_jsonb(new) - 'released_at') is distinct from (to_jsonb(old) - 'released_at') then
    raise exception 'who was named is released once and never changed' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger named_user_stays before update or delete on contracts.named_user for each row execute function contracts.refuse_named_user_change();
create trigger named_user_is_kept before truncate on contracts.named_user for each statement execute function shared.refuse_change();
select shared.guard('contracts.named_user', '{buyer_id}');
