-- A matter at the service counter. What it is about lies in other rooms, so those are ids without foreign keys.
create table compliance.counter_case (
  id uuid primary key,
  kind text not null check (kind ~ '^[A-Z][A-Z_]{2,39}$'),
  state text not null check (state ~ '^[A-Z][A-Z_]{1,39}$'),
  applicant_id uuid not null,
  counterparty_id uuid check (counterparty_id <> applicant_id),
  assessor_id uuid check (assessor_id <> applicant_id),
  subject_type text not null check (subject_type ~ '^[a-z][a-z-]{1,29}$'),
  subject_id text not null check (length(subject_id) between 1 and 100),
  mechanism text not null check (mechanism ~ '^[a-z][a-z0-9_]{1,59}$'),
  decision_id uuid references compliance.decision (id),
  purposes text[] check (cardinality(purposes) between 1 and 50),
  destinations text[] check (cardinality(destinations) between 1 and 300),
  product_ids uuid[] check (cardinality(product_ids) between 1 and 100),
  persons bigint check (persons >= 0),
  sensitive_persons bigint check (sensitive_persons >= 0),
  recipient_id uuid,
  calendar text not null check (calendar ~ '^[a-z][a-z0-9-]{1,19}$'),
  assignee_id uuid,
  opened_at timestamptz not null,
  clock_from date,
  due_on date,
  due_problem text check (due_problem in ('CALENDAR_MISSING')),
  soon_on date,
  next_on date,
  reminded smallint not null default 0 check (reminded between 0 and 3),
  reminded_at timestamptz,
  timed boolean not null default false,
  late boolean not null default false,
  checked_by text check (length(checked_by) <= 300),
  closed_at timestamptz check (closed_at >= opened_at),
  working_days int,
  -- A running time has a beginning, and either an end with the days of its reminders or the reason why it has none.
  check ((clock_from is null) = (due_on is null and due_problem is null)),
  check (due_on is null or (due_problem is null and soon_on is not null and next_on is not null)),
  check (closed_at is null or clock_from is null),
  check (not late or timed)
);
-- One open case for one matter: whoever opens it again gets the same.
create unique index counter_case_open on compliance.counter_case (kind, applicant_id, subject_type, subject_id, mechanism) where closed_at is null;
create index counter_case_of_applicant on compliance.counter_case (applicant_id, id);
create index counter_case_of_counterparty on compliance.counter_case (counterparty_id, id) where counterparty_id is not null;
create index counter_case_of_assessor on compliance.counter_case (assessor_id, id) where assessor_id is not null;
create index counter_case_about on compliance.counter_case (subject_type, subject_id);
create index counter_case_queue on compliance.counter_case ((coalesce(due_on, '9999-12-31')), id) where closed_at is null;
create index counter_case_closed on compliance.counter_case (kind, closed_at) where closed_at is not null;
create function compliance.refuse_case_change() returns trigger language plpgsql as $$
declare
  fixed text[] := '{state,assignee_id,clock_from,due_on,due_problem,soon_on,next_on,reminded,reminded_at,timed,late,checked_by,closed_at,working_days}';
begin
  if (to_jsonb(new) - fixed) is distinct from (to_jsonb(old) - fixed) or (old.closed_at is not null and to_jsonb(new) is distinct from to_jsonb(old)) then
    raise exception 'what a case is about is never changed, and a closed one stays closed' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger counter_case_stays before update on compliance.counter_case for each row execute function compliance.refuse_case_change();
create trigger counter_case_is_kept before delete on compliance.counter_case for each row execute function shared.refuse_change();

create table compliance.case_event (
  id uuid primary key,
  case_id uuid not null references compliance.counter_case (id),
  event text not null check (event ~ '^[a-z][a-z-]{1,39}$'),
  from_state text,
  to_state text not null,
  side text not null check (side in ('APPLICANT', 'ASSESSOR', 'STAFF', 'EXCHANGE')),
  actor text not null check (length(actor) <= 300),
  reason text check (length(reason) <= 5000),
  reference text check (length(reference) <= 200),
  occurred_on date,
  at timestamptz not null,
  check ((event = 'open') = (from_state is null))
);
create index case_event_of_case on compliance.case_event (case_id, id);
create trigger case_event_is_history before update or delete on compliance.case_event for each row execute function shared.refuse_change();
create trigger case_event_is_kept before truncate on compliance.case_event for each statement execute function shared.refuse_change();

-- Evidence. The bytes lie beside the row: they are few, and are written with it or not at all.
create table compliance.case_document (
  id uuid primary key,
  case_id uuid not null references compliance.counter_case (id),
  kind text not null check (kind ~ '^[A-Z][A-Z_]{1,39}$'),
  name text not null check (length(name) between 1 and 100),
  media_type text not null,
  byte_length int not null check (byte_length between 1 and 10485760),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  content bytea not null,
  state text not null check (state in ('PENDING', 'ACCEPTED', 'REJECTED')),
  uploaded_by text not null check (length(uploaded_by) <= 300),
  uploaded_at timestamptz not null,
  checked_by text check (length(checked_by) <= 300),
  checked_at timestamptz,
  check_reason text check (length(check_reason) <= 5000),
  unique (case_id, name),
  check (octet_length(content) = byte_length),
  check ((state = 'PENDING') = (checked_by is null) and (state = 'PENDING') = (checked_at is null))
);
-- Compressing what is compressed already takes time and nothing else.
alter table compliance.case_document alter column content set storage external;
create trigger case_document_stays before update of id, case_id, kind, name, media_type, byte_length, sha256, content, uploaded_by, uploaded_at on compliance.case_document for each row execute function shared.refuse_change();
create trigger case_document_is_kept before delete on compliance.case_document for each row execute function shared.refuse_change();

-- A held result that satisfies a mechanism of the law.
create table compliance.approval (
  id uuid primary key,
  type text not null check (type ~ '^[a-z][a-z0-9_]{1,59}$'),
  holder_id uuid not null,
  recipient_id uuid check (recipient_id <> holder_id),
  purposes text[] check (cardinality(purposes) between 1 and 50),
  destinations text[] check (cardinality(destinations) between 1 and 300),
  product_ids uuid[] check (cardinality(product_ids) between 1 and 100),
  persons bigint check (persons >= 0),
  sensitive_persons bigint check (sensitive_persons >= 0),
  valid_from date not null,
  valid_until date check (valid_until >= valid_from),
  state text not null check (state in ('ACTIVE', 'REVOKED', 'EXPIRED')),
  case_id uuid not null unique references compliance.counter_case (id),
  reference text not null check (length(reference) between 1 and 200),
  document_sha256 text check (document_sha256 ~ '^[0-9a-f]{64}$'),
  granted_by text not null check (length(granted_by) <= 300),
  granted_at timestamptz not null,
  renewal_noted_at timestamptz,
  ended_at timestamptz,
  end_reason text check (length(end_reason) <= 5000),
  -- Given for a time only (CAC Order 16 Art. 9, Order 20).
  check (valid_until is not null or type not in ('security_assessment', 'certification')),
  check ((state = 'ACTIVE') = (ended_at is null))
);
create index approval_of_holder on compliance.approval (holder_id, id);
create index approval_of_recipient on compliance.approval (recipient_id, id) where recipient_id is not null;
create index approval_to_end on compliance.approval (valid_until) where state = 'ACTIVE';
create function compliance.refuse_approval_change() returns trigger language plpgsql as $$
declare
  fixed text[] := '{state,renewal_noted_at,ended_at,end_reason}';
begin
  if (to_jsonb(new) - fixed) is distinct from (to_jsonb(old) - fixed) or old.state <> 'ACTIVE' then
    raise exception 'an approval is never changed, and one that has ended stays ended' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger approval_stays before update on compliance.approval for each row execute function compliance.refuse_approval_change();
create trigger approval_is_kept before delete on compliance.approval for each row execute function shared.refuse_change();
create trigger approval_is_not_emptied before truncate on compliance.approval for each statement execute function shared.refuse_change();

select shared.guard('compliance.counter_case', '{applicant_id,counterparty_id,assessor_id}'),
  shared.guard('compliance.case_event', '{}', 'exists (select 1 from compliance.counter_case c where c.id = case_id)', 'exists (select 1 from compliance.counter_case c where c.id = case_id)'),
  shared.guard('compliance.case_document', '{}', 'exists (select 1 from compliance.counter_case c where c.id = case_id)', 'exists (select 1 from compliance.counter_case c where c.id = case_id)'),
  shared.guard('compliance.approval', '{holder_id,recipient_id}');
