-- What invoices say of an organisation beside its name and numbers: where it is, where it receives e-invoices, into which account it is paid. An invoice keeps it as it was when it was issued.
create table billing.profile (
  organisation_id uuid primary key,
  street text check (length(street) between 1 and 200),
  additional text check (length(additional) between 1 and 200),
  city text check (length(city) between 1 and 100),
  postcode text check (length(postcode) between 1 and 20),
  -- GST registration number of Singapore.
  gst_number text check (gst_number ~ '^[A-Z0-9-]{8,20}$'),
  -- Participant of the Peppol network: scheme of the EAS list and value.
  endpoint_scheme text check (endpoint_scheme ~ '^[0-9]{4}$'),
  endpoint_value text check (length(endpoint_value) between 1 and 60),
  -- What its suppliers state on every invoice (BT-10).
  buyer_reference text check (length(buyer_reference) between 1 and 100),
  account_id text check (account_id ~ '^[A-Z0-9-]{4,40}$'),
  account_institution text check (account_institution ~ '^[A-Z0-9]{8,11}$'),
  contact_name text check (length(contact_name) between 1 and 100),
  contact_phone text check (length(contact_phone) between 3 and 40),
  contact_email text check (length(contact_email) between 3 and 200),
  changed_at timestamptz not null,
  check ((endpoint_scheme is null) = (endpoint_value is null)),
  check (account_institution is null or account_id is not null)
);
select shared.guard('billing.profile', '{organisation_id}');
