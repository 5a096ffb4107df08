-- VAT numbers of the European Union and Northern Ireland; the shortest (RO) has four characters with its prefix.
alter table identity.registry_number drop constraint registry_number_scheme_check, drop constraint registry_number_value_check;
alter table identity.registry_number
  add constraint registry_number_scheme_check check (scheme in ('USCC', 'UEN', 'HK_BRN', 'LEI', 'EU_VAT')),
  add constraint registry_number_value_check check (length(value) between 4 and 20);

-- Whoever is registered has level 1; what was proven is proven for a time. The exchange itself is proven by whoever runs it.
alter table identity.organisation add column verification_due_at timestamptz, add column verification_announced_at timestamptz;
update identity.organisation set assurance_level = 1 where assurance_level is null;
update identity.organisation set verification_due_at = verified_at + interval '1 year' where kind <> 'EXCHANGE' and verified_at is not null;
update identity.organisation set state = 'PENDING_VERIFICATION' where state = 'VERIFIED' and assurance_level < 2;
alter table identity.organisation alter column assurance_level set default 1, alter column assurance_level set not null;
alter table identity.organisation
  add constraint organisation_verified_means check (state <> 'VERIFIED' or (assurance_level >= 2 and (kind = 'EXCHANGE' or verification_due_at is not null)));
create index organisation_by_verification_due on identity.organisation (verification_due_at) where state = 'VERIFIED' and kind <> 'EXCHANGE';

-- How an organisation stands at an instant: an overdue proof is none, also before the sweep has written it down.
create function identity.standing(kind text, state text, verification_due_at timestamptz, at timestamptz) returns text language sql immutable parallel safe as $$
  select case when state = 'VERIFIED' and kind <> 'EXCHANGE' and coalesce(verification_due_at <= at, true) then 'PENDING_VERIFICATION' else state end
$$;

-- What a register answered about a number, each time that it was asked.
create table identity.registry_proof (
  id uuid primary key,
  organisation_id uuid not null references identity.organisation (id),
  scheme text not null check (scheme in ('USCC', 'UEN', 'HK_BRN', 'LEI', 'EU_VAT')),
  value text not null check (length(value) between 4 and 20),
  register text not null check (length(register) between 1 and 200),
  reference text not null check (length(reference) between 1 and 200),
  extracted_at timestamptz not null,
  recorded_by text not null check (length(recorded_by) <= 300),
  recorded_at timestamptz not null,
  check (extracted_at <= recorded_at and extracted_at >= recorded_at - interval '91 days')
);
create index registry_proof_by_organisation on identity.registry_proof (organisation_id, recorded_at);
create trigger registry_proof_is_kept before update or delete on identity.registry_proof for each row execute function shared.refuse_change();
create trigger registry_proof_is_whole before truncate on identity.registry_proof for each statement execute function shared.refuse_change();

-- Who owns and controls an organisation, as it declares it from a day on. A declaration is replaced, never edited.
create table identity.ownership_declaration (
  id uuid primary key,
  organisation_id uuid not null references identity.organisation (id),
  valid_from timestamptz not null,
  -- Equal to valid_from where it was replaced from its own day on: it was never in force.
  valid_to timestamptz check (valid_to >= valid_from),
  state text not null check (state in ('DECLARED', 'PROVEN')),
  declared_by text not null check (length(declared_by) <= 300),
  declared_at timestamptz not null check (valid_from <= declared_at),
  evidence text check (length(evidence) <= 5000),
  proven_by text check (length(proven_by) <= 300),
  proven_at timestamptz,
  proof text check (length(proof) <= 5000),
  check ((state = 'PROVEN') = (proven_by is not null and proven_at is not null and proof is not null)),
  check ((proven_by is null) = (proven_at is null) and (proof is null) = (proven_at is null))
);
create unique index ownership_one_current on identity.ownership_declaration (organisation_id) where valid_to is null;
create index ownership_by_organisation on identity.ownership_declaration (organisation_id, valid_from);

create function identity.refuse_ownership_change() returns trigger language plpgsql as $$
begin
  if (to_jsonb(new) - '{state,valid_to,proven_by,proven_at,proof}'::text[]) is distinct from (to_jsonb(old) - '{state,valid_to,proven_by,proven_at,proof}'::text[])
    or (old.valid_to is not null and new.valid_to is distinct from old.valid_to) or (old.state = 'PROVEN' and (new.state, new.proven_by, new.proven_at, new.proof) is distinct from (old.state, old.proven_by, old.proven_at, old.proof)) then
    raise exception 'a declaration of ownership is replaced or proven, never edited' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger ownership_declaration_stays before update on identity.ownership_declaration for each row execute function identity.refuse_ownership_change();
create trigger ownership_declaration_is_kept before delete on identity.ownership_declaration for each row execute function shared.refuse_change();
create trigger ownership_declaration_is_whole before truncate on identity.ownership_declaration for each statement execute function shared.refuse_change();

create table identity.ownership_holding (
  declaration_id uuid not null references identity.ownership_declaration (id),
  position int not null check (position between 0 and 99),
  organisation_id uuid not null references identity.organisation (id),
  holder text not null check (holder in ('ENTITY', 'PERSON')),
  name text not null check (length(name) between 1 and 200),
  jurisdiction text check (jurisdiction ~ '^[A-Z]{2}$'),
  nationality text check (nationality ~ '^[A-Z]{2}$'),
  residence text check (residence ~ '^[A-Z]{2}$'),
  registry_number text check (length(registry_number) between 1 and 64),
  share_basis_points int not null check (share_basis_points between 0 and 10000),
  interest text not null check (interest in ('EQUITY', 'VOTING')),
  directness text not null check (directness in ('DIRECT', 'INDIRECT')),
  through int check (through between 0 and 99),
  control text check (control in ('MAJORITY', 'BOARD_APPOINTMENT', 'CONTRACT', 'SENIOR_MANAGEMENT', 'TRUST', 'STATE', 'OTHER')),
  primary key (declaration_id, position),
  check ((holder = 'ENTITY') = (jurisdiction is not null)),
  check ((holder = 'PERSON') = (nationality is not null) and (holder = 'PERSON') = (residence is not null)),
  check (registry_number is null or holder = 'ENTITY'),
  check (share_basis_points > 0 or control is not null),
  check (through is null or directness = 'INDIRECT')
);
create trigger ownership_holding_is_kept before update or delete on identity.ownership_holding for each row execute function shared.refuse_change();
create trigger ownership_holding_is_whole before truncate on identity.ownership_holding for each statement execute function shared.refuse_change();
