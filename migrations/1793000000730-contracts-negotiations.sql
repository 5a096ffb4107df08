-- Licences that two organisations negotiate about, on the states of the Dataspace Protocol, with everything that was said.
create table contracts.negotiation (
  id uuid primary key,
  product_id uuid not null,
  vendor_id uuid not null,
  buyer_id uuid not null check (buyer_id <> vendor_id),
  state text not null check (state in ('REQUESTED', 'OFFERED', 'ACCEPTED', 'AGREED', 'VERIFIED', 'FINALIZED', 'TERMINATED')),
  proposal jsonb not null check (jsonb_typeof(proposal) = 'object'),
  messages int not null check (messages > 0),
  expires_at timestamptz not null,
  offer_id uuid unique references contracts.offer (id),
  agreement_id uuid unique references contracts.agreement (id),
  created_at timestamptz not null,
  check (state not in ('AGREED', 'VERIFIED', 'FINALIZED') or offer_id is not null),
  check ((state = 'FINALIZED') = (agreement_id is not null))
);
create index negotiation_of_vendor on contracts.negotiation (vendor_id, id);
create index negotiation_of_buyer on contracts.negotiation (buyer_id, id);
create index negotiation_open on contracts.negotiation (product_id, buyer_id) where state not in ('FINALIZED', 'TERMINATED');
create index negotiation_lapsing on contracts.negotiation (expires_at) where state in ('REQUESTED', 'OFFERED', 'ACCEPTED', 'AGREED');
-- What is over stays over, and who negotiates about what never changes.
create function contracts.refuse_negotiation_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.state in ('FINALIZED', 'TERMINATED') or (new.product_id, new.vendor_id, new.buyer_id, new.created_at) is distinct from (old.product_id, old.vendor_id, old.buyer_id, old.created_at) or new.messages <> old.messages + 1 then
    raise exception 'a negotiation goes on by one message at a time until it is over' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger negotiation_goes_on before update or delete on contracts.negotiation for each row execute function contracts.refuse_negotiation_change();
create trigger negotiation_is_kept before truncate on contracts.negotiation for each statement execute function shared.refuse_change();

create table contracts.negotiation_message (
  id uuid primary key,
  negotiation_id uuid not null references contracts.negotiation (id),
  vendor_id uuid not null,
  buyer_id uuid not null,
  number int not null check (number > 0),
  party text check (party in ('CONSUMER', 'PROVIDER')),
  event text not null check (event in ('request', 'offer', 'accept', 'agree', 'verify', 'finalize', 'terminate')),
  state text not null,
  proposal jsonb check (jsonb_typeof(proposal) = 'object'),
  text text check (length(text) between 1 and 5000),
  sent_at timestamptz not null,
  unique (negotiation_id, number)
);
create trigger negotiation_message_is_history before update or delete on contracts.negotiation_message for each row execute function shared.refuse_change();
create trigger negotiation_message_is_kept before truncate on contracts.negotiation_message for each statement execute function shared.refuse_change();
select shared.guard('contracts.negotiation', '{vendor_id,buyer_id}'), shared.guard('contracts.negotiation_message', '{vendor_id,buyer_id}');
