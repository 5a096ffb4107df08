-- Webhooks to customers (Standard Webhooks): each notice of an organisation goes to the endpoints that it registered.
create table identity.webhook_endpoint (
  id uuid primary key,
  organisation_id uuid not null references identity.organisation (id),
  url text not null check (length(url) between 8 and 2000),
  description text not null check (length(description) <= 200),
  -- Kinds of notices that it wants; none named: all.
  kinds text[] not null default '{}' check (cardinality(kinds) <= 100),
  state text not null check (state in ('ENABLED', 'DISABLED', 'DELETED')),
  disabled_because text check (disabled_because in ('CUSTOMER', 'FAILING', 'GONE')),
  -- Sealed; both sign while the overlap of a rotation lasts. Gone with the endpoint.
  secret text,
  previous_secret text,
  previous_until timestamptz,
  -- Since the first failure after the last success.
  failing_since timestamptz,
  last_success_at timestamptz,
  last_attempt_at timestamptz,
  created_at timestamptz not null,
  deleted_at timestamptz,
  check ((state = 'DISABLED') = (disabled_because is not null)),
  check ((state = 'DELETED') = (deleted_at is not null) and (state = 'DELETED') = (secret is null)),
  check ((previous_secret is null) = (previous_until is null))
);
create index webhook_endpoint_of on identity.webhook_endpoint (organisation_id, id) where state <> 'DELETED';
create index webhook_endpoint_deleted on identity.webhook_endpoint (deleted_at) where state = 'DELETED';

-- One notice to one endpoint. No foreign key to the endpoint: telling an organisation waits for nobody who changes one.
create table identity.webhook_message (
  endpoint_id uuid not null,
  notice_id uuid not null references identity.notice (id),
  organisation_id uuid not null,
  kind text not null,
  state text not null check (state in ('WAITING', 'DELIVERED', 'FAILED')),
  -- Of the round under way: a replay begins another.
  attempts int not null default 0 check (attempts >= 0),
  -- While a process tries, the moment from which another one may.
  next_attempt_at timestamptz,
  claim uuid,
  last_status int,
  failure text,
  created_at timestamptz not null,
  finished_at timestamptz,
  primary key (endpoint_id, notice_id),
  check ((state = 'WAITING') = (next_attempt_at is not null) and (state = 'WAITING') = (finished_at is null)),
  check (state <> 'FAILED' or failure is not null)
);
create index webhook_message_due on identity.webhook_message (endpoint_id, next_attempt_at) where state = 'WAITING';
create index webhook_message_failed on identity.webhook_message (endpoint_id, created_at) where state = 'FAILED';
create index webhook_message_old on identity.webhook_message (created_at);
create index webhook_message_notice on identity.webhook_message (notice_id);

create table identity.webhook_attempt (
  id uuid primary key,
  endpoint_id uuid not null,
  notice_id uuid not null,
  organisation_id uuid not null,
  at timestamptz not null,
  duration_ms int not null check (duration_ms >= 0),
  status int check (status between 100 and 999),
  failure text,
  next_attempt_at timestamptz,
  foreign key (endpoint_id, notice_id) references identity.webhook_message (endpoint_id, notice_id) on delete cascade
);
create index webhook_attempt_of_endpoint on identity.webhook_attempt (endpoint_id, id);
create index webhook_attempt_of_message on identity.webhook_attempt (endpoint_id, notice_id, id);

select shared.guard('identity.webhook_endpoint', '{organisation_id}'), shared.guard('identity.webhook_message', '{organisation_id}'), shared.guard('identity.webhook_attempt', '{organisation_id}');
