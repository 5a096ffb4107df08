-- Whose verifiable credentials count here, as dated data that two officers put in force. A new version of an issuer replaces the one before.
create table identity.credential_issuer (
  id uuid primary key,
  iss text not null check (iss ~ '^https?://' and length(iss) <= 300),
  jurisdiction text not null check (jurisdiction ~ '^[A-Z]{2}$'),
  trust_framework text not null check (length(trust_framework) between 1 and 200),
  types jsonb not null check (jsonb_typeof(types) = 'array' and jsonb_array_length(types) between 1 and 10),
  key_source text not null check (key_source in ('METADATA', 'JWKS', 'X5C')),
  jwks jsonb,
  root_certificate text check (length(root_certificate) <= 20000),
  algorithms text[] not null check (cardinality(algorithms) between 1 and 6 and algorithms <@ array['EdDSA', 'Ed25519', 'ES256', 'ES384', 'ES512', 'PS256']),
  assurance_level int not null check (assurance_level in (3, 4)),
  status_required boolean not null,
  valid_from timestamptz not null,
  valid_to timestamptz,
  state text not null check (state in ('PROPOSED', 'ACTIVE', 'WITHDRAWN')),
  proposed_by uuid not null references identity.member (id),
  proposed_at timestamptz not null,
  approved_by uuid references identity.member (id),
  approved_at timestamptz,
  check (valid_to > valid_from),
  check (approved_by <> proposed_by),
  check ((approved_by is null) = (approved_at is null)),
  check (state <> 'ACTIVE' or approved_by is not null),
  check ((key_source = 'JWKS') = (jwks is not null)),
  check ((key_source = 'X5C') = (root_certificate is not null))
);
create unique index credential_issuer_active on identity.credential_issuer (iss) where state = 'ACTIVE';
create index credential_issuer_page on identity.credential_issuer (id desc);

-- One request to a wallet (OID4VP). Single use; the private half of the key that the answer is encrypted to is sealed, and gone once it is used.
create table identity.presentation (
  id uuid primary key,
  organisation_id uuid not null references identity.organisation (id),
  member_id uuid not null references identity.member (id),
  purpose text not null check (purpose in ('ORGANISATION_IDENTITY', 'SIGNATORY_MANDATE')),
  state text not null check (state in ('WAITING', 'ACCEPTED', 'REFUSED', 'EXPIRED')),
  nonce text not null check (length(nonce) >= 43),
  request jsonb not null,
  response_key text,
  failure text check (failure ~ '^[A-Z_]{4,40}$'),
  credential_id uuid,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  finished_at timestamptz,
  check (expires_at > created_at),
  check ((state = 'WAITING') = (finished_at is null)),
  check ((state = 'WAITING') = (response_key is not null)),
  check ((state = 'ACCEPTED') = (credential_id is not null)),
  check ((state = 'REFUSED') = (failure is not null))
);
create index presentation_waiting on identity.presentation (expires_at) where state = 'WAITING';
create index presentation_waiting_of on identity.presentation (organisation_id) where state = 'WAITING';

-- What an accepted presentation proved: the claims that are needed and nothing else of the credential.
create table identity.credential (
  id uuid primary key,
  organisation_id uuid not null references identity.organisation (id),
  member_id uuid not null references identity.member (id),
  purpose text not null check (purpose in ('ORGANISATION_IDENTITY', 'SIGNATORY_MANDATE')),
  issuer_id uuid not null references identity.credential_issuer (id),
  iss text not null check (length(iss) <= 300),
  vct text not null check (length(vct) between 1 and 300),
  claims jsonb not null,
  holder_thumbprint text not null check (holder_thumbprint ~ '^[\w-]{43}$'),
  presentation_hash text not null unique check (presentation_hash ~ '^[0-9a-f]{64}$'),
  status_uri text check (length(status_uri) <= 1000),
  status_index int check (status_index >= 0),
  state text not null check (state in ('VALID', 'SUSPENDED', 'REVOKED', 'EXPIRED')),
  valid_until timestamptz not null,
  accepted_at timestamptz not null,
  checked_at timestamptz not null,
  check ((status_uri is null) = (status_index is null)),
  check (valid_until > accepted_at)
);
create index credential_of_organisation on identity.credential (organisation_id, id desc);
create index credential_of_member on identity.credential (member_id, id desc) where purpose = 'SIGNATORY_MANDATE';
create index credential_to_check on identity.credential (checked_at) where state in ('VALID', 'SUSPENDED') and status_uri is not null;
create index credential_to_expire on identity.credential (valid_until) where state in ('VALID', 'SUSPENDED');
create index credential_by_issuer on identity.credential (iss) where state in ('VALID', 'SUSPENDED');

-- Whose a holder's key is: bound by the first presentation, so that nobody else presents with it.
create table identity.credential_holder (
  thumbprint text not null check (thumbprint ~ '^[\w-]{43}$'),
  purpose text not null check (purpose in ('ORGANISATION_IDENTITY', 'SIGNATORY_MANDATE')),
  organisation_id uuid not null references identity.organisation (id),
  member_id uuid references identity.member (id),
  bound_at timestamptz not null,
  primary key (thumbprint, purpose),
  check ((purpose = 'SIGNATORY_MANDATE') = (member_id is not null))
);
create trigger credential_holder_kept before update or delete on identity.credential_holder for each row execute function shared.refuse_change();
create trigger credential_holder_whole before truncate on identity.credential_holder for each statement execute function shared.refuse_change();
