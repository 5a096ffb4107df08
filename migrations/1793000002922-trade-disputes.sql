-- What a buyer claims of a trade, and what becomes of it: the vendor answers by a deadline, and then the exchange decides.
create table settlement.dispute (
  id uuid primary key,
  trade_id uuid not null references settlement.trade (id),
  vendor_id uuid not null,
  buyer_id uuid not null,
  ground text not null check (ground in ('NOT_DELIVERED', 'INCOMPLETE', 'NOT_AS_DESCRIBED', 'NOT_ENTITLED', 'CHARGED_WRONGLY', 'OTHER')),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  claim_minor bigint not null check (claim_minor > 0),
  state text not null check (state in ('OPEN', 'MEDIATION', 'CONCEDED', 'AWARDED', 'DISMISSED', 'WITHDRAWN')),
  -- Until then the vendor, or from MEDIATION on the exchange, is to answer.
  answer_until timestamptz not null,
  -- What goes back of it in the end.
  awarded_minor bigint check (awarded_minor between 0 and claim_minor),
  opened_at timestamptz not null,
  ended_at timestamptz,
  check ((state in ('OPEN', 'MEDIATION')) = (ended_at is null)),
  check ((ended_at is null) = (awarded_minor is null)),
  check ((state in ('CONCEDED', 'AWARDED')) = (coalesce(awarded_minor, 0) > 0))
);
create unique index dispute_one_open on settlement.dispute (trade_id) where ended_at is null;
create index dispute_of_trade on settlement.dispute (trade_id, id);
create index dispute_of_vendor on settlement.dispute (vendor_id, id desc);
create index dispute_of_buyer on settlement.dispute (buyer_id, id desc);
create index dispute_due on settlement.dispute (answer_until) where state = 'OPEN';
create index dispute_to_decide on settlement.dispute (answer_until) where state = 'MEDIATION';

-- What was said in it, with the evidence: never changed.
create table settlement.dispute_entry (
  id uuid primary key,
  dispute_id uuid not null references settlement.dispute (id),
  vendor_id uuid not null,
  buyer_id uuid not null,
  side text not null check (side in ('BUYER', 'VENDOR', 'EXCHANGE')),
  act text not null check (act in ('OPEN', 'EVIDENCE', 'CONCEDE', 'CONTEST', 'LAPSE', 'WITHDRAW', 'AWARD', 'DISMISS')),
  text text not null check (length(text) between 3 and 4000),
  evidence jsonb not null check (jsonb_typeof(evidence) = 'array' and jsonb_array_length(evidence) <= 20),
  said_by text not null check (length(said_by) between 1 and 300),
  said_at timestamptz not null
);
create index dispute_entry_of_dispute on settlement.dispute_entry (dispute_id, id);
create trigger dispute_entry_is_history before update or delete on settlement.dispute_entry for each row execute function shared.refuse_change();
create trigger dispute_entry_is_kept before truncate on settlement.dispute_entry for each statement execute function shared.refuse_change();

-- Where the exchange steps in: a trade is frozen until somebody else lifts it, or undone once somebody else agrees.
create table settlement.intervention (
  id uuid primary key,
  trade_id uuid not null references settlement.trade (id),
  kind text not null check (kind in ('FREEZE', 'UNWINDING')),
  state text not null check (state in ('IN_FORCE', 'LIFTED', 'PROPOSED', 'DONE', 'REJECTED')),
  reason text not null check (length(reason) between 3 and 1000),
  begun_by text not null check (length(begun_by) between 1 and 300),
  begun_at timestamptz not null,
  ended_by text check (ended_by <> begun_by),
  end_reason text check (length(end_reason) between 3 and 1000),
  ended_at timestamptz,
  check ((kind = 'FREEZE') = (state in ('IN_FORCE', 'LIFTED'))),
  check ((state in ('IN_FORCE', 'PROPOSED')) = (ended_at is null) and (ended_at is null) = (ended_by is null) and (ended_at is null) = (end_reason is null))
);
create unique index intervention_one_open on settlement.intervention (trade_id, kind) where ended_at is null;
create index intervention_of_trade on settlement.intervention (trade_id, id);

select shared.guard('settlement.dispute', '{vendor_id,buyer_id}'), shared.guard('settlement.dispute_entry', '{vendor_id,buyer_id}'), shared.guard('settlement.intervention', '{}');
