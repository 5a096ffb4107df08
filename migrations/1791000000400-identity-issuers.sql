-- Whose word about people and organisations is taken here, from when until when. A change is a new row; what a row says never changes, only
-- its state and the dates between which it holds.
create table identity.recognised_issuer (
  id uuid primary key,
  issuer text not null check (issuer ~ '^https?://' and length(issuer) <= 300),
  display_name text not null check (length(display_name) between 1 and 200),
  jurisdiction text not null check (jurisdiction ~ '^[A-Z]{2}$'),
  trust_framework text not null check (trust_framework ~ '^[A-Z0-9_]{2,40}$'),
  profile text not null check (profile in ('OIDC_BEARER', 'FAPI2_DPOP', 'OIDC_SIGN_IN', 'FAPI2_SIGN_IN')),
  audiences text[] not null check (cardinality(audiences) <= 10),
  algorithms text[] not null check (cardinality(algorithms) between 1 and 6 and algorithms <@ array['EdDSA', 'Ed25519', 'ES256', 'ES384', 'PS256', 'RS256']),
  authorised_parties text[] not null check (cardinality(authorised_parties) <= 50),
  sender_constrained boolean not null,
  -- A sign-in: who the exchange is to the issuer, what it asks for, and whether the answer must be encrypted.
  client_id text check (length(client_id) between 1 and 255),
  scopes text[] not null check (cardinality(scopes) <= 10),
  encrypted_id_token boolean not null,
  acr_levels jsonb not null check (jsonb_typeof(acr_levels) = 'array' and jsonb_array_length(acr_levels) <= 20),
  default_level int not null check (default_level between 1 and 4),
  organisation_claims jsonb not null check (jsonb_typeof(organisation_claims) = 'array' and jsonb_array_length(organisation_claims) <= 5),
  name_claim text not null check (name_claim ~ '^/' and length(name_claim) <= 200),
  person_claim text not null check (person_claim ~ '^/' and length(person_claim) <= 200),
  valid_from timestamptz not null,
  valid_to timestamptz check (valid_to > valid_from),
  state text not null check (state in ('PROPOSED', 'ACTIVE', 'WITHDRAWN')),
  proposed_by uuid not null references identity.member (id),
  proposed_at timestamptz not null,
  approved_by uuid references identity.member (id),
  approved_at timestamptz,
  withdrawn_by uuid references identity.member (id),
  withdrawn_at timestamptz,
  -- Four eyes.
  check (approved_by <> proposed_by),
  check ((approved_by is null) = (approved_at is null)),
  check (state <> 'ACTIVE' or approved_by is not null),
  check ((state = 'WITHDRAWN') = (withdrawn_at is not null and withdrawn_by is not null)),
  check ((profile in ('OIDC_SIGN_IN', 'FAPI2_SIGN_IN')) = (client_id is not null)),
  check (client_id is null or 'openid' = any (scopes)),
  -- An access token that any audience or any client may have got is nobody's.
  check (client_id is not null or (cardinality(audiences) >= 1 and cardinality(authorised_parties) >= 1)),
  check (profile not like 'FAPI2%' or (sender_constrained and algorithms <@ array['EdDSA', 'Ed25519', 'ES256', 'PS256'])),
  check (client_id is not null or not encrypted_id_token),
  -- One row of an issuer at a time. Ranges of its hash stand for the text, which has no GiST operators without an extension.
  exclude using gist (
    numrange(hashtextextended(issuer, 0)::numeric, hashtextextended(issuer, 0)::numeric, '[]') with &&, tstzrange(valid_from, valid_to) with &&
  ) where (state = 'ACTIVE')
);
create index recognised_issuer_by_state on identity.recognised_issuer (state, id);

create function identity.keep_issuer_row() returns trigger language plpgsql as $$
declare
  movable constant text[] := array['state', 'valid_from', 'valid_to', 'approved_by', 'approved_at', 'withdrawn_by', 'withdrawn_at'];
begin
  if tg_op = 'DELETE' or to_jsonb(new) - movable is distinct from to_jsonb(old) - movable or old.state = 'WITHDRAWN' then
    raise exception '% on identity.recognised_issuer is refused: a change is a new row', tg_op using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger recognised_issuer_kept before update or delete on identity.recognised_issuer for each row execute function identity.keep_issuer_row();
create trigger recognised_issuer_not_emptied before truncate on identity.recognised_issuer for each statement execute function shared.refuse_change();

-- The exchange as a client of an issuer: one key to sign, one to be encrypted to. The private half is sealed.
create table identity.issuer_client_key (
  kid text primary key check (length(kid) <= 100),
  issuer text not null check (length(issuer) <= 300),
  use text not null check (use in ('sig', 'enc')),
  public_jwk jsonb not null check (not public_jwk ? 'd'),
  sealed text not null,
  created_at timestamptz not null,
  unique (issuer, use)
);

-- Sign-ins that have begun. Whoever comes back takes the row away, so that none comes back twice.
create table identity.sign_in (
  id uuid primary key,
  issuer_id uuid not null references identity.recognised_issuer (id),
  state_hash text not null unique check (state_hash ~ '^[0-9a-f]{64}$'),
  browser_hash text not null check (browser_hash ~ '^[0-9a-f]{64}$'),
  sealed text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null check (expires_at > created_at)
);
create index sign_in_by_expiry on identity.sign_in (expires_at);

-- DPoP proofs (RFC 9449) and client assertions (RFC 7523) that were used, for as long as they could be used again.
create table identity.dpop_proof (
  digest text primary key check (digest ~ '^[0-9a-f]{64}$'),
  expires_at timestamptz not null
);
create index dpop_proof_by_expiry on identity.dpop_proof (expires_at);
create table identity.client_assertion (
  digest text primary key check (digest ~ '^[0-9a-f]{64}$'),
  expires_at timestamptz not null
);
create index client_assertion_by_expiry on identity.client_assertion (expires_at);

-- The public keys with which a machine proves that an API key is its own (private_key_jwt), instead of its secret.
create table identity.api_key_jwks (
  key_id uuid primary key references identity.api_key (id),
  organisation_id uuid not null references identity.organisation (id),
  jwks jsonb not null check (jsonb_typeof(jwks -> 'keys') = 'array' and jsonb_array_length(jwks -> 'keys') between 1 and 5),
  registered_by uuid not null references identity.member (id),
  registered_at timestamptz not null
);
create index api_key_jwks_by_organisation on identity.api_key_jwks (organisation_id);
