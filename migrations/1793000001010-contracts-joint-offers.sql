-- An offer that binds its vendor by two signatures: the first draws it up, and it takes effect with the second. Until then it is its vendor's own matter.
alter table contracts.offer
  drop constraint offer_state_check,
  add constraint offer_state_check check (state in ('AWAITING_SIGNATURE', 'ACTIVE', 'WITHDRAWN', 'REJECTED', 'EXPIRED')),
  -- The second who signed for the vendor, where one alone could not.
  add column co_signatory jsonb,
  add constraint offer_two_persons check (co_signatory is null or (state in ('ACTIVE', 'WITHDRAWN') and co_signatory ->> 'memberId' <> signatory ->> 'memberId'));
create or replace function contracts.refuse_offer_change() returns trigger language plpgsql as $$
begin
  if (to_jsonb(new) - '{state,superseded_at,co_signatory}'::text[]) is distinct from (to_jsonb(old) - '{state,superseded_at,co_signatory}'::text[]) or (old.superseded_at is not null and new.superseded_at is distinct from old.superseded_at) then
    raise exception 'the terms of an offer are never changed' using errcode = 'restrict_violation';
  end if;
  if new.co_signatory is distinct from old.co_signatory and (old.state <> 'AWAITING_SIGNATURE' or new.state <> 'ACTIVE') then
    raise exception 'an offer is signed second once, when it takes effect' using errcode = 'restrict_violation';
  end if;
  if old.state = 'AWAITING_SIGNATURE' and new.state = 'ACTIVE' and new.co_signatory is null then
    raise exception 'an offer that waits for its second signature does not take effect without it' using errcode = 'restrict_violation';
  end if;
  if old.state in ('REJECTED', 'EXPIRED') or (old.state <> new.state and new.state = 'AWAITING_SIGNATURE') then
    raise exception 'an offer that came to nothing stays so' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
-- Of several that would take the place of one offer, one does.
drop index contracts.offer_supersedes;
create unique index offer_supersedes on contracts.offer (supersedes_id) where supersedes_id is not null and state in ('ACTIVE', 'WITHDRAWN');

create table contracts.offer_signing (
  offer_id uuid primary key references contracts.offer (id),
  vendor_id uuid not null,
  -- The member who drew it up and signed first.
  requested_by uuid not null,
  requested_at timestamptz not null,
  expires_at timestamptz not null check (expires_at > requested_at),
  -- What takes effect with it. A change of prices: which plans each of its plans replaces under running licences, and from when.
  replaces jsonb not null check (jsonb_typeof(replaces) = 'array'),
  subscribers_from timestamptz,
  -- The agreement to what lay on the table of a negotiation: to which message, and with which words.
  negotiation_id uuid references contracts.negotiation (id),
  in_reply_to int,
  answer text check (length(answer) between 1 and 5000),
  closed_by uuid,
  closed_at timestamptz,
  check ((negotiation_id is null) = (in_reply_to is null)),
  check (closed_by is null or closed_at is not null)
);
create index offer_signing_to_expire on contracts.offer_signing (expires_at) where closed_at is null;
create index offer_signing_of_negotiation on contracts.offer_signing (negotiation_id) where negotiation_id is not null and closed_at is null;
create function contracts.refuse_offer_signing_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.closed_at is not null or (to_jsonb(new) - '{closed_by,closed_at}'::text[]) is distinct from (to_jsonb(old) - '{closed_by,closed_at}'::text[]) then
    raise exception 'what was drawn up is never changed, and what is closed stays closed' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger offer_signing_stays before update or delete on contracts.offer_signing for each row execute function contracts.refuse_offer_signing_change();
create trigger offer_signing_is_kept before truncate on contracts.offer_signing for each statement execute function shared.refuse_change();
select shared.guard('contracts.offer_signing', '{vendor_id}');
