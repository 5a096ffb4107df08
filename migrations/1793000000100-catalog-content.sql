-- What a product says of itself, in the terms of DCAT-AP 3. Lists that buyers filter by are arrays, so that an index can find them.
alter table catalog.product
  -- BCP 47; `und` of those that were described before languages were kept.
  add column language text not null default 'und' check (length(language) between 2 and 35),
  -- Every language of title and description, that of the default first.
  add column languages text[] not null default '{und}' check (cardinality(languages) between 1 and 21 and languages[1] = language),
  -- By language: { title, description, keywords }.
  add column translations jsonb not null default '{}' check (jsonb_typeof(translations) = 'object'),
  add column keywords text[] not null default '{}' check (cardinality(keywords) <= 50),
  add column spatial text[] not null default '{}' check (cardinality(spatial) <= 300),
  add column temporal_start date,
  add column temporal_end date,
  add column frequency text check (frequency ~ '^[A-Z0-9_]{3,20}$'),
  add column data_languages text[] not null default '{}' check (cardinality(data_languages) <= 50),
  add column publisher jsonb check (jsonb_typeof(publisher) = 'object'),
  add column contact jsonb check (jsonb_typeof(contact) = 'object'),
  add column conforms_to text[] not null default '{}' check (cardinality(conforms_to) <= 20),
  add column related uuid[] not null default '{}' check (cardinality(related) <= 20 and not (id = any (related))),
  add constraint product_temporal check (temporal_start <= temporal_end);
create or replace view catalog.listed_product as select * from catalog.product where state = 'LISTED' and vendor_state = 'VERIFIED';

alter table catalog.dataset
  add column language text not null default 'und' check (length(language) between 2 and 35),
  add column translations jsonb not null default '{}' check (jsonb_typeof(translations) = 'object'),
  -- The data dictionary: a list of columns.
  add column dictionary jsonb not null default '[]' check (jsonb_typeof(dictionary) = 'array');
