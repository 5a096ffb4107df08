-- A cycle of the calendar is opened once a settlement day and currency, whoever looks. Large payouts wait for a second officer.
alter table settlement.clearing_cycle
  add column settlement_day date,
  -- Who ran it by hand, or the calendar.
  add column opened_by text check (length(opened_by) between 1 and 300);
create unique index clearing_cycle_once_a_day on settlement.clearing_cycle (currency, settlement_day) where settlement_day is not null;

do $$
declare found record;
begin
  for found in select conname from pg_constraint where conrelid = 'settlement.payout'::regclass and contype = 'c' and pg_get_constraintdef(oid) like '%state = ANY%PENDING%CONFIRMED%' loop
    execute format('alter table settlement.payout drop constraint %I', found.conname);
  end loop;
end $$;
alter table settlement.payout
  add column proposed_by text check (length(proposed_by) between 1 and 300),
  add column approved_by text check (length(approved_by) between 1 and 300),
  add column approved_at timestamptz,
  add constraint payout_state check (state in ('AWAITING_APPROVAL', 'PENDING', 'SENT', 'CONFIRMED', 'FAILED')),
  add constraint payout_four_eyes check (approved_by is null or approved_by <> proposed_by),
  add constraint payout_approved check ((approved_by is null) = (approved_at is null) and (state <> 'AWAITING_APPROVAL' or approved_by is null));
create index payout_by_state on settlement.payout (state, id desc) where state in ('AWAITING_APPROVAL', 'FAILED');
create index payout_of_vendor on settlement.payout (vendor_id, id desc);
