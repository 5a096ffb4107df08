-- Many messages of one topic and many lines of the log in one statement each: a clearing moves thousands of trades at a time.
create function shared.publish_all(message_ids uuid[], aggregates text[], message_topic text, payloads jsonb[], request text, at timestamptz, subscribers text[]) returns void
language sql security definer set search_path = pg_catalog, shared as $$
  with message as (
    insert into shared.outbox (id, aggregate_id, topic, payload, request_id, created_at)
      select m.id, m.aggregate, message_topic, m.payload, request, at from unnest(message_ids, aggregates, payloads) with ordinality as m (id, aggregate, payload, place) order by m.place returning aggregate_id, seq)
  insert into shared.outbox_delivery (subscriber, aggregate_id, seq, next_attempt_at) select name, message.aggregate_id, message.seq, at from message, unnest(subscribers) as name;
$$;
revoke all on function shared.publish_all(uuid[], text[], text, jsonb[], text, timestamptz, text[]) from public;
grant execute on function shared.publish_all(uuid[], text[], text, jsonb[], text, timestamptz, text[]) to entrepot_app;

-- A payout is for the trades of one vendor in one cycle: said by those two, not written on each trade once more when the cycle closes.
alter table settlement.trade drop column payout_id;
create index trade_cleared on settlement.trade (cycle_id, vendor_id, id) where state = 'CLEARED';
create function settlement.payout_of(cycle uuid, vendor uuid) returns uuid language sql stable parallel safe return (select p.id from settlement.payout p where p.cycle_id = cycle and p.vendor_id = vendor);

insert into settlement.journal_kind (kind, subject, description) values
  ('RECOVER', 'REFERENCE', 'What a vendor owes comes off what a clearing cycle leaves him.');

-- What one cycle left one vendor, and how it came about. Written once, when the cycle closes.
create table settlement.clearing_statement (
  cycle_id uuid not null references settlement.clearing_cycle (id),
  vendor_id uuid not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  trade_count int not null check (trade_count > 0),
  -- Of its trades, as far as they had not gone back: price, the tax on it, the commission with its tax.
  net_minor numeric(30) not null check (net_minor >= 0),
  tax_minor numeric(30) not null check (tax_minor >= 0),
  commission_minor numeric(30) not null check (commission_minor between 0 and net_minor),
  -- What had gone back of them before, price and tax.
  reversed_minor numeric(30) not null check (reversed_minor >= 0),
  -- What he owed from before and what came off for it.
  recovered_minor bigint not null check (recovered_minor between 0 and net_minor - commission_minor),
  paid_out_minor bigint not null check (paid_out_minor = net_minor - commission_minor - recovered_minor),
  payout_id uuid references settlement.payout (id),
  made_at timestamptz not null,
  primary key (cycle_id, vendor_id),
  check ((payout_id is null) = (paid_out_minor = 0))
);
create index clearing_statement_of_vendor on settlement.clearing_statement (vendor_id, cycle_id desc);
create trigger clearing_statement_is_history before update or delete on settlement.clearing_statement for each row execute function shared.refuse_change();
create trigger clearing_statement_is_kept before truncate on settlement.clearing_statement for each statement execute function shared.refuse_change();
select shared.guard('settlement.clearing_statement', '{vendor_id}');
