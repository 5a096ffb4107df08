-- A listed product grows: each revision that comes later is tested by itself, and handed out from its release on. One that must not be used any more is revoked.
alter table catalog.revision disable trigger revision_is_final;
alter table catalog.revision
  add column tested_at timestamptz,
  add column test_passed boolean,
  add column test_findings text[] not null default '{}',
  add column released_at timestamptz,
  add column revoked_at timestamptz,
  add column revocation_reason text check (length(revocation_reason) between 3 and 5000);
do $$
declare named text;
begin
  for named in select conname from pg_constraint where conrelid = 'catalog.revision'::regclass and contype = 'c' and pg_get_constraintdef(oid) like '%''FINALISED''%' loop
    execute format('alter table catalog.revision drop constraint %I', named);
  end loop;
end $$;
-- What was tested with its product was handed out from then on; what failed with it, or waits, was not.
update catalog.revision r set tested_at = t.recorded_at, test_passed = true, released_at = t.recorded_at
from catalog.dataset d join catalog.product p on p.id = d.product_id and p.state not in ('DRAFT', 'SUBMITTED')
  join lateral (select max(g.recorded_at) as recorded_at from catalog.gate_record g where g.product_id = p.id and g.step = 'PLATFORM_TEST' and g.passed) t on t.recorded_at is not null
where d.id = r.dataset_id and r.state = 'FINALISED' and r.finalised_at <= t.recorded_at;
alter table catalog.revision
  add constraint revision_state check (state in ('DRAFT', 'FINALISED', 'REVOKED')),
  add constraint revision_finalised check ((state = 'DRAFT') = (digest is null) and (state = 'DRAFT') = (finalised_at is null)),
  add constraint revision_tested check ((tested_at is null) = (test_passed is null) and (tested_at is null or state <> 'DRAFT')),
  add constraint revision_released check (released_at is null or coalesce(test_passed, false)),
  add constraint revision_revoked check ((state = 'REVOKED') = (revoked_at is not null) and (revoked_at is null) = (revocation_reason is null));
alter table catalog.revision enable trigger revision_is_final;

-- A finalised revision and what it holds are never changed. What is written beside it: its test until it is released, its release, and that it was revoked.
create or replace function catalog.refuse_finalised() returns trigger language plpgsql as $$
declare held text;
begin
  if tg_table_name = 'revision' then
    held := old.state;
    if tg_op = 'UPDATE' and held = 'FINALISED' then
      if (to_jsonb(new) - '{tested_at,test_passed,test_findings,released_at,state,revoked_at,revocation_reason}'::text[]) <> (to_jsonb(old) - '{tested_at,test_passed,test_findings,released_at,state,revoked_at,revocation_reason}'::text[])
        or new.state not in ('FINALISED', 'REVOKED')
        or (old.released_at is not null and (new.released_at, new.tested_at, new.test_passed, new.test_findings) is distinct from (old.released_at, old.tested_at, old.test_passed, old.test_findings))
        or (new.state = 'REVOKED' and new.released_at is distinct from old.released_at) then
        raise exception 'a finalised revision is never changed' using errcode = 'restrict_violation';
      end if;
      return new;
    end if;
  else
    select state into held from catalog.revision where id = coalesce(new.revision_id, old.revision_id);
  end if;
  if held <> 'DRAFT' then
    raise exception 'a finalised revision is never changed' using errcode = 'restrict_violation';
  end if;
  return coalesce(new, old);
end $$;

-- Drafts and what has not been tested are their vendor's.
drop policy reads on catalog.revision;
create policy reads on catalog.revision for select to entrepot_app
  using ((released_at is not null and exists (select 1 from catalog.dataset d where d.id = dataset_id)) or vendor_id = (select shared.tenant()) or (select shared.reads_all()));

-- The platform test reads a submission, or one revision of a product that is listed already.
alter table delivery.platform_test
  add column id uuid not null default gen_random_uuid(),
  add column revision_id uuid,
  drop constraint platform_test_pkey,
  add primary key (id);
create unique index platform_test_of_submission on delivery.platform_test (product_id, submission) where revision_id is null;
create unique index platform_test_of_revision on delivery.platform_test (revision_id) where revision_id is not null;

-- Whoever may have something of a product is told when it is called back.
create index licence_begun_of_product on contracts.licence (product_id, buyer_id) where valid_from is not null;
