-- The way on which the bytes of a delivery go, as it was chosen when the token was requested, and where the decision lets them go. Those opened before went on the
-- one public way there was.
alter table delivery.delivery add column channel text check (channel ~ '^[a-z][a-z0-9-]{1,39}$');
alter table delivery.delivery add column channel_kind text check (channel_kind in ('public', 'networks', 'mutual-tls'));
alter table delivery.delivery add column destination text check (destination ~ '^[A-Z]{2}$');
alter table delivery.delivery add constraint delivery_channel check ((channel is null) = (channel_kind is null) and (channel is null) = (destination is null));

-- From where an organisation fetches: a network, or a client certificate, and the country that it stands in.
create table delivery.access_point (
  id uuid primary key,
  organisation_id uuid not null,
  kind text not null check (kind in ('NETWORK', 'CERTIFICATE')),
  -- A CIDR in its normal form, or the SHA-256 of a certificate in lower-case hex.
  value text not null check (case kind when 'NETWORK' then value ~ '^[0-9a-f.:]+/[0-9]+$' else value ~ '^[0-9a-f]{64}$' end),
  country text not null check (country ~ '^[A-Z]{2}$'),
  label text not null check (length(label) between 1 and 200),
  -- Of a certificate: its subject, and until when it is valid.
  subject text check (length(subject) <= 500),
  valid_until timestamptz,
  added_by text not null,
  added_at timestamptz not null,
  removed_at timestamptz,
  check ((kind = 'CERTIFICATE') = (valid_until is not null))
);
create unique index access_point_once on delivery.access_point (organisation_id, kind, value) where removed_at is null;
select shared.guard('delivery.access_point', '{organisation_id}');
