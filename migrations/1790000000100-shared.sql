create schema shared;

-- Messages between rooms, written in the transaction of the act that they tell of. Kept: they are the history that a new
-- subscriber or a columnar copy can be built from.
create table shared.outbox (
  seq bigint generated always as identity primary key,
  id uuid not null unique,
  aggregate_id text not null check (length(aggregate_id) <= 100),
  topic text not null check (length(topic) <= 100),
  payload jsonb not null,
  request_id text not null,
  created_at timestamptz not null
);

-- One row per message and subscriber, gone once the subscriber has answered. Infinity: waits for a person.
create table shared.outbox_delivery (
  subscriber text not null,
  aggregate_id text not null,
  seq bigint not null references shared.outbox (seq),
  attempts int not null default 0 check (attempts >= 0),
  next_attempt_at timestamptz not null,
  last_error text,
  primary key (subscriber, aggregate_id, seq)
);
create index outbox_delivery_due on shared.outbox_delivery (next_attempt_at, seq);

create table shared.idempotency_key (
  scope text not null check (length(scope) <= 300),
  operation text not null,
  key text not null check (length(key) between 1 and 128),
  digest_version int not null,
  digest text not null check (digest ~ '^[0-9a-f]{64}$'),
  answer json,
  created_at timestamptz not null,
  primary key (scope, operation, key)
);

create table shared.signing_key (
  kid text primary key,
  public_jwk jsonb not null check (not public_jwk ? 'd'),
  created_at timestamptz not null
);

-- Small facts about this installation: which start-up work is done.
create table shared.installation (
  key text primary key,
  value jsonb not null,
  updated_at timestamptz not null
);

-- History is not edited: ledger, audit and receipts refuse UPDATE, DELETE and TRUNCATE with this.
create function shared.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% on %.% is refused: rows of this table are never changed', tg_op, tg_table_schema, tg_table_name using errcode = 'restrict_violation';
end $$;

-- Monthly partitions of the tables that grow without bound, for every partitioned table of every room: made before the first write of a
-- start and kept ahead day by day. Rows that came for a month without partition lie in the default one, and stay there.
create function shared.keep_month_partitions(from_month date, months int) returns void language plpgsql set timezone to 'UTC' as $$
declare
  parent record; month date; part text;
begin
  -- Two processes that start in a new month do it one after the other.
  perform pg_advisory_xact_lock(7301129);
  for parent in select n.nspname as schema_name, c.relname as table_name from pg_partitioned_table p join pg_class c on c.oid = p.partrelid join pg_namespace n on n.oid = c.relnamespace where p.partdefid <> 0 order by 1, 2 loop
    for i in 0 .. months - 1 loop
      month := (date_trunc('month', from_month) + make_interval(months => i))::date;
      part := format('%s_%s', parent.table_name, to_char(month, 'YYYY_MM'));
      if to_regclass(format('%I.%I', parent.schema_name, part)) is null then
        begin
          execute format('create table %I.%I partition of %I.%I for values from (%L) to (%L)', parent.schema_name, part, parent.schema_name, parent.table_name, month, (month + interval '1 month')::date);
        exception when check_violation then
          raise warning '%.%: rows of % lie in the default partition', parent.schema_name, parent.table_name, month;
        end;
      end if;
    end loop;
  end loop;
end $$;
