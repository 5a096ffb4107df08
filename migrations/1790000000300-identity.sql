create schema identity;

create table identity.organisation (
  id uuid primary key,
  kind text not null check (kind in ('TRADER', 'ASSESSOR', 'EXCHANGE')),
  legal_name text not null check (length(legal_name) between 1 and 200),
  jurisdiction text not null check (jurisdiction ~ '^[A-Z]{2}$'),
  subdivision text check (subdivision ~ '^[A-Z]{2}-[A-Z0-9]{1,3}$' and left(subdivision, 2) = jurisdiction),
  state text not null check (state in ('PENDING_VERIFICATION', 'VERIFIED', 'SUSPENDED')),
  assurance_level int check (assurance_level between 1 and 4),
  verified_at timestamptz,
  created_at timestamptz not null,
  check (state = 'PENDING_VERIFICATION' or (assurance_level is not null and verified_at is not null))
);
create unique index organisation_one_exchange on identity.organisation (kind) where kind = 'EXCHANGE';
create index organisation_by_state on identity.organisation (state, id);

create table identity.registry_number (
  organisation_id uuid not null references identity.organisation (id),
  scheme text not null check (scheme in ('USCC', 'UEN', 'HK_BRN', 'LEI')),
  value text not null check (length(value) between 8 and 20),
  checksum text not null check (checksum in ('PASSED', 'FAILED', 'NONE')),
  proven boolean not null default false,
  primary key (organisation_id, scheme)
);
-- Two may claim a number; only one can prove it.
create unique index registry_number_proven on identity.registry_number (scheme, value) where proven;

create table identity.member (
  id uuid primary key,
  organisation_id uuid not null references identity.organisation (id),
  issuer text not null check (length(issuer) <= 300),
  subject text not null check (length(subject) between 1 and 255),
  display_name text not null check (length(display_name) between 1 and 200),
  roles text[] not null check (cardinality(roles) between 1 and 10),
  state text not null check (state in ('ACTIVE', 'LEFT')),
  created_at timestamptz not null
);
create unique index member_one_per_identity on identity.member (issuer, subject) where state = 'ACTIVE';
create index member_by_organisation on identity.member (organisation_id, id);

create table identity.api_key (
  id uuid primary key,
  organisation_id uuid not null references identity.organisation (id),
  created_by uuid not null references identity.member (id),
  name text not null check (length(name) between 1 and 200),
  secret_hash text not null check (secret_hash ~ '^[0-9a-f]{64}$'),
  scopes text[] not null check (cardinality(scopes) between 1 and 20),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  created_at timestamptz not null
);
create index api_key_by_organisation on identity.api_key (organisation_id, id);
