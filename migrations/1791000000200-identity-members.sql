-- Nobody is made a member without his consent: he is invited and accepts. The token is kept as SHA-256 and shown once.
create table identity.invitation (
  id uuid primary key,
  organisation_id uuid not null references identity.organisation (id),
  display_name text not null check (length(display_name) between 1 and 200),
  roles text[] not null check (cardinality(roles) between 1 and 10),
  issuer text not null check (length(issuer) between 1 and 300),
  subject text check (length(subject) between 1 and 255),
  token_hash text not null unique check (token_hash ~ '^[0-9a-f]{64}$'),
  state text not null check (state in ('OPEN', 'ACCEPTED', 'DECLINED', 'REVOKED')),
  invited_by uuid not null references identity.member (id),
  member_id uuid references identity.member (id),
  expires_at timestamptz not null,
  closed_at timestamptz,
  created_at timestamptz not null,
  check (expires_at > created_at and expires_at <= created_at + interval '14 days'),
  check ((state = 'OPEN') = (closed_at is null)),
  check ((state = 'ACCEPTED') = (member_id is not null))
);
create index invitation_open on identity.invitation (organisation_id, id) where state = 'OPEN';

-- Who may sign for his organisation, in which currency, up to what amount of one agreement, alone or with a second.
create table identity.mandate (
  id uuid primary key,
  organisation_id uuid not null references identity.organisation (id),
  member_id uuid not null references identity.member (id),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  max_minor bigint check (max_minor > 0),
  mode text not null check (mode in ('ALONE', 'JOINT')),
  valid_from timestamptz not null,
  valid_to timestamptz check (valid_to > valid_from),
  evidence text not null check (length(evidence) between 3 and 5000),
  credential_id uuid,
  granted_by uuid not null references identity.member (id),
  state text not null check (state in ('ACTIVE', 'REVOKED')),
  revoked_at timestamptz,
  created_at timestamptz not null,
  check ((state = 'REVOKED') = (revoked_at is not null))
);
create index mandate_of_organisation on identity.mandate (organisation_id, id);
create index mandate_of_member on identity.mandate (member_id) where state = 'ACTIVE';
create index mandate_of_credential on identity.mandate (credential_id) where credential_id is not null;
-- What was granted is never changed: it is revoked and another granted.
create function identity.refuse_mandate_change() returns trigger language plpgsql as $$
begin
  if (to_jsonb(new) - '{state,revoked_at}'::text[]) is distinct from (to_jsonb(old) - '{state,revoked_at}'::text[]) or old.state = 'REVOKED' then
    raise exception 'a mandate is revoked, never changed' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger mandate_stays before update on identity.mandate for each row execute function identity.refuse_mandate_change();
create trigger mandate_is_kept before delete on identity.mandate for each row execute function shared.refuse_change();

-- Break-glass: a staff member holds one role more for at most an hour, and somebody else looks at it afterwards.
create table identity.elevation (
  id uuid primary key,
  organisation_id uuid not null references identity.organisation (id),
  member_id uuid not null references identity.member (id),
  role text not null check (role in ('LISTING_REVIEWER', 'COMPLIANCE_OFFICER', 'SETTLEMENT_OFFICER')),
  reason text not null check (length(reason) between 20 and 5000),
  valid_until timestamptz not null,
  state text not null check (state in ('OPEN', 'REVIEWED')),
  reviewed_by uuid references identity.member (id),
  reviewed_at timestamptz,
  justified boolean,
  finding text check (length(finding) between 3 and 5000),
  created_at timestamptz not null,
  check (valid_until > created_at and valid_until <= created_at + interval '60 minutes'),
  check ((state = 'REVIEWED') = (reviewed_by is not null)),
  check (num_nulls(reviewed_by, reviewed_at, justified, finding) in (0, 4)),
  check (reviewed_by <> member_id)
);
-- Read at every request of a staff member: only elevations that nobody has looked at are in it.
create index elevation_open on identity.elevation (member_id, valid_until) where state = 'OPEN';
create index elevation_by_organisation on identity.elevation (organisation_id, id);
create function identity.refuse_elevation_change() returns trigger language plpgsql as $$
begin
  if (to_jsonb(new) - '{state,reviewed_by,reviewed_at,justified,finding}'::text[]) is distinct from (to_jsonb(old) - '{state,reviewed_by,reviewed_at,justified,finding}'::text[]) or old.state = 'REVIEWED' then
    raise exception 'an elevation is reviewed once, never changed' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger elevation_stays before update on identity.elevation for each row execute function identity.refuse_elevation_change();
create trigger elevation_is_kept before delete on identity.elevation for each row execute function shared.refuse_change();
