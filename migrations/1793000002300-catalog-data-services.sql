-- The API that a product is served by. Described while the product is a draft; what was handed in is not edited. Its credential lies with delivery.
create table catalog.data_service (
  id uuid primary key,
  product_id uuid not null unique references catalog.product (id),
  vendor_id uuid not null,
  endpoint_url text not null check (length(endpoint_url) <= 2000),
  endpoint_description text check (length(endpoint_description) <= 2000),
  operations jsonb not null check (jsonb_typeof(operations) = 'array' and jsonb_array_length(operations) between 1 and 100),
  test_path text not null check (length(test_path) <= 500),
  rate_calls int not null check (rate_calls > 0),
  rate_seconds int not null check (rate_seconds > 0),
  at_once int not null check (at_once > 0),
  first_byte_ms int not null check (first_byte_ms > 0),
  total_ms int not null check (total_ms >= first_byte_ms),
  request_bytes int not null check (request_bytes > 0),
  answer_bytes int not null check (answer_bytes > 0),
  described_at timestamptz not null
);
select shared.guard('catalog.data_service', '{vendor_id}', 'exists (select 1 from catalog.product p where p.id = product_id)');
