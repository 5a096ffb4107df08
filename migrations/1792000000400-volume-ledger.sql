-- The yearly volume as a ledger: reserved when an order is permitted, confirmed when the first byte of a delivery leaves, released when the
-- trade ends before. The row of the year holds the sums and is what concurrent orders queue for.
alter table compliance.volume_year rename column persons to reserved_persons;
alter table compliance.volume_year rename column sensitive_persons to reserved_sensitive_persons;
alter table compliance.volume_year
  add column confirmed_persons bigint not null default 0 check (confirmed_persons >= 0),
  add column confirmed_sensitive_persons bigint not null default 0 check (confirmed_sensitive_persons >= 0);

create table compliance.volume_movement (
  id uuid primary key,
  exporter_id uuid not null,
  year int not null,
  kind text not null check (kind in ('RESERVE', 'CONFIRM', 'RELEASE')),
  -- Of a reservation: the decision that made it. Of a confirmation: that of the delivery. Of a release: that of the order.
  decision_id uuid not null references compliance.decision (id),
  -- The decision of the order that the volume belongs to; its own id for an order.
  order_decision_id uuid not null references compliance.decision (id),
  persons bigint not null check (persons >= 0),
  sensitive_persons bigint not null check (sensitive_persons >= 0),
  reason text check (length(reason) between 1 and 5000),
  moved_at timestamptz not null,
  foreign key (exporter_id, year) references compliance.volume_year (exporter_id, year),
  check (persons + sensitive_persons > 0),
  check ((kind = 'RELEASE') = (reason is not null))
);
create index volume_movement_by_order on compliance.volume_movement (order_decision_id, year);
create index volume_movement_by_year on compliance.volume_movement (exporter_id, year, moved_at);
-- One decision reserves, and one delivery confirms, once a year.
create unique index volume_movement_once on compliance.volume_movement (exporter_id, year, decision_id) where kind = 'RESERVE';

insert into compliance.volume_movement (id, exporter_id, year, kind, decision_id, order_decision_id, persons, sensitive_persons, moved_at)
  select gen_random_uuid(), exporter_id, year, 'RESERVE', decision_id, order_decision_id, persons, sensitive_persons, reserved_at from compliance.volume_reservation;
-- Delivered is what a delivery of that year has begun to send. The one rulebook of that time counted years in Shanghai.
insert into compliance.volume_movement (id, exporter_id, year, kind, decision_id, order_decision_id, persons, sensitive_persons, moved_at)
  select gen_random_uuid(), r.exporter_id, r.year, 'CONFIRM', first.decision_id, r.order_decision_id, r.persons, r.sensitive_persons, first.started_at
  from (select exporter_id, year, order_decision_id, sum(persons) as persons, sum(sensitive_persons) as sensitive_persons from compliance.volume_reservation group by exporter_id, year, order_decision_id) r
  cross join lateral (
    select d.decision_id, d.started_at from compliance.decision c join delivery.delivery d on d.decision_id = c.id
    where c.prior_decision_id = r.order_decision_id and d.started_at is not null and extract(year from c.as_of at time zone 'Asia/Shanghai') = r.year order by d.started_at limit 1) first;
-- Released is what was never delivered under a licence that has ended.
insert into compliance.volume_movement (id, exporter_id, year, kind, decision_id, order_decision_id, persons, sensitive_persons, reason, moved_at)
  select gen_random_uuid(), m.exporter_id, m.year, 'RELEASE', m.order_decision_id, m.order_decision_id, sum(m.persons), sum(m.sensitive_persons), 'the licence had ended', now()
  from compliance.volume_movement m join contracts.agreement a on a.decision_id = m.order_decision_id join contracts.licence l on l.agreement_id = a.id and l.state in ('EXPIRED', 'TERMINATED')
  where not exists (select 1 from compliance.volume_movement c where c.order_decision_id = m.order_decision_id and c.year = m.year and c.kind = 'CONFIRM')
  group by m.exporter_id, m.year, m.order_decision_id;
update compliance.volume_year y set reserved_persons = s.reserved, reserved_sensitive_persons = s.reserved_sensitive, confirmed_persons = s.confirmed, confirmed_sensitive_persons = s.confirmed_sensitive
  from (select exporter_id, year,
          sum(case kind when 'RESERVE' then persons else -persons end) as reserved, sum(case kind when 'RESERVE' then sensitive_persons else -sensitive_persons end) as reserved_sensitive,
          coalesce(sum(persons) filter (where kind = 'CONFIRM'), 0) as confirmed, coalesce(sum(sensitive_persons) filter (where kind = 'CONFIRM'), 0) as confirmed_sensitive
        from compliance.volume_movement group by exporter_id, year) s
  where y.exporter_id = s.exporter_id and y.year = s.year;
drop table compliance.volume_reservation;
create trigger volume_movement_is_history before update or delete on compliance.volume_movement for each row execute function shared.refuse_change();
create trigger volume_movement_is_kept before truncate on compliance.volume_movement for each statement execute function shared.refuse_change();

-- The rule of the United States counts by category what one exporter hands to one recipient (28 CFR 202.205). The row that their orders queue for.
create table compliance.category_account (
  exporter_id uuid not null,
  recipient_id uuid not null,
  primary key (exporter_id, recipient_id)
);
create table compliance.category_movement (
  id uuid primary key,
  exporter_id uuid not null,
  recipient_id uuid not null,
  category text not null check (length(category) between 1 and 60),
  kind text not null check (kind in ('RESERVE', 'CONFIRM', 'RELEASE')),
  decision_id uuid not null references compliance.decision (id),
  order_decision_id uuid not null references compliance.decision (id),
  -- Persons or devices.
  count bigint not null check (count > 0),
  reason text check (length(reason) between 1 and 5000),
  moved_at timestamptz not null,
  foreign key (exporter_id, recipient_id) references compliance.category_account (exporter_id, recipient_id),
  check ((kind = 'RELEASE') = (reason is not null))
);
create index category_movement_by_account on compliance.category_movement (exporter_id, recipient_id, category);
create index category_movement_by_order on compliance.category_movement (order_decision_id);
create trigger category_movement_is_history before update or delete on compliance.category_movement for each row execute function shared.refuse_change();
create trigger category_movement_is_kept before truncate on compliance.category_movement for each statement execute function shared.refuse_change();

-- What is used up of an approval that holds for so many persons. One order may stand on several approvals, so each has a line of its own.
create table compliance.approval_movement (
  id uuid primary key,
  exporter_id uuid not null,
  approval_id uuid not null,
  kind text not null check (kind in ('RESERVE', 'CONFIRM', 'RELEASE')),
  decision_id uuid not null references compliance.decision (id),
  order_decision_id uuid not null references compliance.decision (id),
  persons bigint not null check (persons >= 0),
  sensitive_persons bigint not null check (sensitive_persons >= 0),
  reason text check (length(reason) between 1 and 5000),
  moved_at timestamptz not null,
  check (persons + sensitive_persons > 0),
  check ((kind = 'RELEASE') = (reason is not null))
);
create index approval_movement_by_approval on compliance.approval_movement (approval_id);
create index approval_movement_by_order on compliance.approval_movement (order_decision_id);
create trigger approval_movement_is_history before update or delete on compliance.approval_movement for each row execute function shared.refuse_change();
create trigger approval_movement_is_kept before truncate on compliance.approval_movement for each statement execute function shared.refuse_change();

select shared.guard('compliance.volume_movement', '{exporter_id}'), shared.guard('compliance.category_account', '{exporter_id}'),
  shared.guard('compliance.category_movement', '{exporter_id}'), shared.guard('compliance.approval_movement', '{exporter_id}');
