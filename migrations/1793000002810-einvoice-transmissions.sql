-- E-invoices on their way: what was handed to the access point, and what came back.
create schema einvoice;
grant usage on schema einvoice to entrepot_app;
alter default privileges in schema einvoice grant select, insert, update, delete on tables to entrepot_app;
alter default privileges in schema einvoice grant usage, select on sequences to entrepot_app;

create table einvoice.transmission (
  id uuid primary key,
  invoice_id uuid not null,
  issuer_id uuid not null,
  customer_id uuid not null,
  number text not null check (length(number) between 1 and 60),
  format text not null check (format in ('peppol-bis-3', 'pint-sg')),
  -- Participants of the network: scheme:value.
  sender text not null check (sender ~ '^[0-9]{4}:.{1,60}$'),
  receiver text not null check (receiver ~ '^[0-9]{4}:.{1,60}$'),
  -- Exactly the bytes that were checked and are sent.
  content text not null check (length(content) between 1 and 10000000),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  state text not null check (state in ('QUEUED', 'SENT', 'DELIVERED', 'ACCEPTED', 'REJECTED', 'FAILED')),
  attempts int not null default 0 check (attempts >= 0),
  -- While somebody sends it, until when he holds it.
  next_attempt_at timestamptz,
  claim uuid,
  provider_reference text check (length(provider_reference) between 1 and 200),
  problem text check (length(problem) between 1 and 500),
  kept_until date not null,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  check ((state = 'QUEUED') = (next_attempt_at is not null)),
  check (state not in ('SENT', 'DELIVERED', 'ACCEPTED') or provider_reference is not null),
  check (state not in ('FAILED', 'REJECTED') or problem is not null)
);
-- One that is under way or arrived; what failed or was rejected may be sent again.
create unique index transmission_once on einvoice.transmission (invoice_id) where state not in ('FAILED', 'REJECTED');
create index transmission_due on einvoice.transmission (next_attempt_at) where state = 'QUEUED';
create index transmission_of_invoice on einvoice.transmission (invoice_id, id);
create index transmission_by_number on einvoice.transmission (number, id);

create function einvoice.refuse_transmission_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or (to_jsonb(new) - '{state,attempts,next_attempt_at,claim,provider_reference,problem,changed_at}'::text[]) is distinct from (to_jsonb(old) - '{state,attempts,next_attempt_at,claim,provider_reference,problem,changed_at}'::text[]) then
    raise exception 'what was sent stays as it was' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger transmission_stays before update or delete on einvoice.transmission for each row execute function einvoice.refuse_transmission_change();
create trigger transmission_is_kept before truncate on einvoice.transmission for each statement execute function shared.refuse_change();
select shared.guard('einvoice.transmission', '{issuer_id,customer_id}');

-- What came in from the access point, once by its id there.
create table einvoice.inbound_message (
  provider_id text primary key check (length(provider_id) between 1 and 200),
  kind text not null check (kind in ('RESPONSE', 'INVOICE', 'UNREADABLE')),
  content text not null check (length(content) <= 10000000),
  -- Of a response: what it moved; of an invoice: what is owed here that it names.
  transmission_id uuid references einvoice.transmission,
  invoice_id uuid,
  issuer_id uuid,
  customer_id uuid,
  outcome text not null check (outcome in ('APPLIED', 'NOTHING_TO_APPLY', 'MATCHED', 'DIFFERING', 'UNKNOWN', 'UNREADABLE')),
  details jsonb not null,
  received_at timestamptz not null
);
create index inbound_message_of_invoice on einvoice.inbound_message (invoice_id) where invoice_id is not null;
create trigger inbound_message_is_history before update or delete on einvoice.inbound_message for each row execute function shared.refuse_change();
create trigger inbound_message_is_kept before truncate on einvoice.inbound_message for each statement execute function shared.refuse_change();
select shared.guard('einvoice.inbound_message', '{issuer_id,customer_id}');
