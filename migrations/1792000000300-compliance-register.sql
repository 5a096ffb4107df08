-- The register of certificates. A paper is held by a member of the exchange, or by somebody outside who is named with his country.
create table compliance.certificate (
  id uuid primary key,
  holder_id uuid,
  holder_name text check (length(holder_name) between 1 and 200),
  holder_country text check (holder_country ~ '^[A-Z]{2}$'),
  scheme text not null check (scheme ~ '^[A-Z][A-Z0-9_]{1,39}$'),
  number text not null check (length(number) between 1 and 100),
  issuing_body text not null check (length(issuing_body) between 1 and 200),
  granted_in text not null check (granted_in ~ '^[A-Z]{2}$'),
  scope text not null check (length(scope) between 1 and 5000),
  data_kinds text[] not null check (cardinality(data_kinds) <= 20),
  valid_from date not null,
  -- The last day; null: without end.
  valid_until date check (valid_until >= valid_from),
  document_sha256 text check (document_sha256 ~ '^[0-9a-f]{64}$'),
  register_url text not null check (register_url ~ '^https://' and length(register_url) <= 500),
  state text not null check (state in ('SUBMITTED', 'CHECKED', 'ACTIVE', 'SUSPENDED', 'REVOKED', 'EXPIRED', 'REFUSED')),
  submitted_by text not null,
  submitted_at timestamptz not null,
  checked_by text,
  checked_at timestamptz,
  confirmed_by text,
  changed_by text not null,
  changed_at timestamptz not null,
  check ((holder_id is null) = (holder_name is not null)),
  check ((holder_name is null) = (holder_country is null)),
  check ((checked_by is null) = (checked_at is null)),
  check (state in ('SUBMITTED', 'REFUSED') or checked_by is not null),
  check (state not in ('ACTIVE', 'SUSPENDED', 'REVOKED', 'EXPIRED') or (confirmed_by is not null and confirmed_by <> checked_by))
);
create index certificate_of_holder on compliance.certificate (holder_id, id);
create index certificate_in_state on compliance.certificate (state, id);
create index certificate_to_expire on compliance.certificate (valid_until) where state in ('ACTIVE', 'SUSPENDED');
-- One paper is handed in once by its holder, and counts for one holder.
create unique index certificate_submitted_once on compliance.certificate (coalesce(holder_id::text, holder_name || '|' || holder_country), scheme, number, valid_from) where state = 'SUBMITTED';
create unique index certificate_counts_once on compliance.certificate (scheme, lower(number), lower(issuing_body), valid_from) where state in ('CHECKED', 'ACTIVE', 'SUSPENDED');
create function compliance.refuse_certificate_change() returns trigger language plpgsql as $$
begin
  if (to_jsonb(new) - '{state,checked_by,checked_at,confirmed_by,register_url,changed_by,changed_at}'::text[]) is distinct from (to_jsonb(old) - '{state,checked_by,checked_at,confirmed_by,register_url,changed_by,changed_at}'::text[])
    or old.state in ('REVOKED', 'EXPIRED', 'REFUSED') then
    raise exception 'what a certificate says is never changed, and an ended one stays ended' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger certificate_stays before update on compliance.certificate for each row execute function compliance.refuse_certificate_change();
create trigger certificate_is_kept before delete on compliance.certificate for each row execute function shared.refuse_change();

create table compliance.certificate_event (
  id uuid primary key,
  certificate_id uuid not null references compliance.certificate (id),
  event text not null check (length(event) between 1 and 40),
  state text not null,
  reason text check (length(reason) <= 5000),
  at timestamptz not null
);
create index certificate_event_of on compliance.certificate_event (certificate_id, id);
create trigger certificate_event_is_history before update or delete on compliance.certificate_event for each row execute function shared.refuse_change();
create trigger certificate_event_is_kept before truncate on compliance.certificate_event for each statement execute function shared.refuse_change();

-- Whom a list names as a recipient to whom nothing goes. The word of the list is data.
create table compliance.restricted_party (
  id uuid primary key,
  list text not null check (list ~ '^[a-z][a-z0-9_]{1,59}$'),
  name text not null check (length(name) between 1 and 200),
  aliases text[] not null check (cardinality(aliases) <= 50),
  -- Name and aliases as they are compared.
  normal_names text[] not null check (cardinality(normal_names) between 1 and 51),
  country text check (country ~ '^[A-Z]{2}$'),
  scheme text check (length(scheme) between 1 and 40),
  number text check (length(number) between 1 and 64),
  organisation_id uuid,
  effective_from date not null,
  -- The first day on which it no longer holds.
  effective_to date check (effective_to > effective_from),
  source text not null check (length(source) between 3 and 5000),
  state text not null check (state in ('PROPOSED', 'LISTED', 'REMOVAL_PROPOSED', 'REMOVED', 'REJECTED')),
  proposed_by text not null,
  proposed_at timestamptz not null,
  confirmed_by text,
  confirmed_at timestamptz,
  removal_by text,
  removal_reason text check (length(removal_reason) between 3 and 5000),
  closed_by text,
  closed_at timestamptz,
  check ((scheme is null) = (number is null)),
  check ((confirmed_by is null) = (confirmed_at is null)),
  check (state in ('PROPOSED', 'REJECTED') or (confirmed_by is not null and confirmed_by <> proposed_by)),
  check (state not in ('REMOVAL_PROPOSED', 'REMOVED') or (removal_by is not null and removal_reason is not null)),
  check ((state in ('REMOVED', 'REJECTED')) = (closed_at is not null)),
  check (state <> 'REMOVED' or closed_by <> removal_by)
);
create index restricted_party_names on compliance.restricted_party using gin (normal_names) where state in ('LISTED', 'REMOVAL_PROPOSED');
create index restricted_party_number on compliance.restricted_party (scheme, number) where state in ('LISTED', 'REMOVAL_PROPOSED');
create index restricted_party_organisation on compliance.restricted_party (organisation_id) where state in ('LISTED', 'REMOVAL_PROPOSED');
create index restricted_party_in_state on compliance.restricted_party (state, id);
create function compliance.refuse_restricted_party_change() returns trigger language plpgsql as $$
begin
  if (to_jsonb(new) - '{state,confirmed_by,confirmed_at,removal_by,removal_reason,closed_by,closed_at}'::text[]) is distinct from (to_jsonb(old) - '{state,confirmed_by,confirmed_at,removal_by,removal_reason,closed_by,closed_at}'::text[])
    or old.state in ('REMOVED', 'REJECTED') then
    raise exception 'whom an entry names is never changed, and a closed one stays closed' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger restricted_party_stays before update on compliance.restricted_party for each row execute function compliance.refuse_restricted_party_change();
create trigger restricted_party_is_kept before delete on compliance.restricted_party for each row execute function shared.refuse_change();

-- What a buyer declares of the use of what he orders. A newer declaration takes the place of an older one, and both stay.
create table compliance.end_use_declaration (
  id uuid primary key,
  organisation_id uuid not null,
  object_id uuid not null,
  facts jsonb not null,
  facts_hash text not null check (facts_hash ~ '^[0-9a-f]{64}$'),
  -- The names of its end users as they are compared with lists.
  normal_users text[] not null default '{}' check (cardinality(normal_users) <= 50),
  declared_by text not null,
  declared_at timestamptz not null,
  valid_until timestamptz not null check (valid_until > declared_at),
  superseded_by uuid unique references compliance.end_use_declaration (id) deferrable initially deferred,
  -- The order it was made for is over: it need not be renewed.
  ended_at timestamptz
);
create unique index end_use_in_force on compliance.end_use_declaration (object_id) where superseded_by is null;
create index end_use_of_object on compliance.end_use_declaration (object_id, id);
create index end_use_of_organisation on compliance.end_use_declaration (organisation_id) where superseded_by is null and ended_at is null;
create index end_use_users on compliance.end_use_declaration using gin (normal_users) where superseded_by is null and ended_at is null;
create index end_use_to_renew on compliance.end_use_declaration (valid_until) where superseded_by is null and ended_at is null;
create function compliance.refuse_end_use_change() returns trigger language plpgsql as $$
begin
  if (to_jsonb(new) - '{superseded_by,ended_at}'::text[]) is distinct from (to_jsonb(old) - '{superseded_by,ended_at}'::text[]) or old.superseded_by is not null
    or (old.ended_at is not null and new.ended_at is distinct from old.ended_at) then
    raise exception 'what was declared is never changed' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger end_use_stays before update on compliance.end_use_declaration for each row execute function compliance.refuse_end_use_change();
create trigger end_use_is_kept before delete on compliance.end_use_declaration for each row execute function shared.refuse_change();

create table compliance.finding (
  id uuid primary key,
  kind text not null check (kind in ('FALSE_DECLARATION', 'STALE_DECLARATION', 'STALE_OWNERSHIP', 'DESTINATION_MISMATCH', 'POSSIBLE_RESTRICTED_PARTY', 'CERTIFICATE_MISMATCH', 'OTHER')),
  severity text not null check (severity in ('LOW', 'MEDIUM', 'HIGH')),
  organisation_id uuid not null,
  object_type text check (object_type in ('order', 'certificate', 'restricted-party')),
  object_id uuid,
  -- What the exchange itself found is found once for its cause, whatever became of it.
  cause text unique check (length(cause) between 1 and 200),
  details text not null check (length(details) between 3 and 5000),
  internal_note text check (length(internal_note) <= 5000),
  raised_by text not null,
  raised_at timestamptz not null,
  state text not null check (state in ('OPEN', 'CONFIRMED', 'DISMISSED', 'CLEARED')),
  decided_by text,
  decided_at timestamptz,
  cleared_by text,
  cleared_at timestamptz,
  reason text check (length(reason) between 3 and 5000),
  check ((object_type is null) = (object_id is null)),
  check ((decided_by is null) = (decided_at is null)),
  check ((cleared_by is null) = (cleared_at is null)),
  check ((state = 'CLEARED') = (cleared_at is not null)),
  check (state in ('OPEN', 'CLEARED') or decided_at is not null),
  check (state = 'OPEN' or reason is not null),
  check (state <> 'CONFIRMED' or decided_by <> raised_by),
  check (cleared_by is null or decided_by is null or cleared_by <> decided_by)
);
create index finding_of_organisation on compliance.finding (organisation_id, id);
create index finding_in_state on compliance.finding (state, id);
create index finding_of_object on compliance.finding (object_id) where object_id is not null;
create function compliance.refuse_finding_change() returns trigger language plpgsql as $$
begin
  if (to_jsonb(new) - '{state,decided_by,decided_at,cleared_by,cleared_at,reason,internal_note}'::text[]) is distinct from (to_jsonb(old) - '{state,decided_by,decided_at,cleared_by,cleared_at,reason,internal_note}'::text[])
    or old.state in ('DISMISSED', 'CLEARED') then
    raise exception 'what was found is never changed, and a closed finding stays closed' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger finding_stays before update on compliance.finding for each row execute function compliance.refuse_finding_change();
create trigger finding_is_kept before delete on compliance.finding for each row execute function shared.refuse_change();

-- Whatever was in force once is a fact that members may know; before that it is the holder's.
select shared.guard('compliance.certificate', '{holder_id}', $$state in ('ACTIVE', 'SUSPENDED', 'REVOKED', 'EXPIRED') and (select shared.tenant()) is not null$$),
  shared.guard('compliance.certificate_event', '{}', 'exists (select 1 from compliance.certificate c where c.id = certificate_id)', 'exists (select 1 from compliance.certificate c where c.id = certificate_id and c.holder_id = (select shared.tenant()))'),
  shared.guard('compliance.restricted_party', '{}'), shared.guard('compliance.end_use_declaration', '{organisation_id}'), shared.guard('compliance.finding', '{organisation_id}');
