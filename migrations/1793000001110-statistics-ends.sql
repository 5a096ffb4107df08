-- What was agreed on for a whole term is not what comes of it where the term ends early, or another agreement takes the rest of it. Until its month is published
-- a trade is counted with what it came to; what is published never changes, so what another agreement takes over of it is left out there.
alter table catalog.exchange_trade add column carried_minor bigint not null default 0 check (carried_minor >= 0);
comment on column catalog.exchange_trade.carried_minor is 'of what was agreed on, what is published already with the agreement whose place this one took; value_minor is without it';

create table catalog.exchange_trade_end (
  agreement_id uuid not null references catalog.exchange_trade (agreement_id),
  ended_at timestamptz not null,
  -- What fell due until then; null: nothing began that is paid for, so it is no trade.
  value_minor bigint check (value_minor >= 0),
  -- Told of again, or of an earlier end: the earliest counts.
  primary key (agreement_id, ended_at)
);
create trigger exchange_trade_end_is_history before update or delete on catalog.exchange_trade_end for each row execute function shared.refuse_change();
create trigger exchange_trade_end_is_kept before truncate on catalog.exchange_trade_end for each statement execute function shared.refuse_change();
select shared.guard('catalog.exchange_trade_end', '{}');
