-- Searches that a buyer keeps, and what becomes visible to him is held against them: product by product, when it changes.
create table catalog.saved_search (
  id uuid primary key,
  organisation_id uuid not null,
  name text not null check (length(name) between 1 and 200),
  -- What was asked for, as the search takes it.
  request jsonb not null check (jsonb_typeof(request) = 'object'),
  -- The same as the search asks the documents, but for freshness, which is of the day.
  query tsquery not null,
  freshness text,
  -- A product that matches has one of these: what the index looks for first.
  needles text[] not null check (cardinality(needles) > 0),
  matches int not null default 0 check (matches >= 0),
  read_matches int not null default 0 check (read_matches between 0 and matches),
  last_notified_at timestamptz,
  created_at timestamptz not null
);
create index saved_search_of_organisation on catalog.saved_search (organisation_id, id);
create index saved_search_needles on catalog.saved_search using gin (needles) with (fastupdate = off);
-- Each product once for each search, however often it comes back.
create table catalog.saved_search_match (
  saved_search_id uuid not null references catalog.saved_search (id) on delete cascade,
  product_id uuid not null,
  organisation_id uuid not null,
  matched_at timestamptz not null,
  told_at timestamptz,
  primary key (saved_search_id, product_id)
);
create index saved_search_match_untold on catalog.saved_search_match (saved_search_id) where told_at is null;
create index saved_search_match_told on catalog.saved_search_match (saved_search_id, told_at, product_id) where told_at is not null;

-- What products that are not found by everybody are found by: private ones, and public ones that rest, as they were.
create table catalog.product_aside (
  product_id uuid primary key references catalog.product (id) on delete cascade,
  vendor_id uuid not null,
  document tsvector not null,
  refreshed_on date not null,
  -- Null: it was for everybody.
  audience_ids uuid[]
);
-- Products that are found otherwise than before, or by others, with what they were: a search that found them
-- already is not told. What rests waits here until it is visible again.
create table catalog.product_to_match (
  product_id uuid primary key references catalog.product (id) on delete cascade,
  was_document tsvector,
  was_refreshed_on date,
  was_ids uuid[],
  -- Searches up to this one were held against it.
  after_id uuid,
  check ((was_document is null) = (was_refreshed_on is null))
);
select shared.guard('catalog.saved_search', '{organisation_id}'), shared.guard('catalog.saved_search_match', '{organisation_id}'), shared.guard('catalog.product_aside', '{}'), shared.guard('catalog.product_to_match', '{}');

create or replace function catalog.index_product(asked uuid) returns void language plpgsql security definer set search_path = pg_catalog, catalog as $$
declare
  p catalog.product; facts record; was record; found_by tsvector; found_ids uuid[];
begin
  select * into p from catalog.product where id = asked;
  select * into was from (
    select s.document, s.refreshed_on, null::uuid[] as audience_ids from catalog.product_search s where s.product_id = asked
    union all select a.document, a.refreshed_on, a.audience_ids from catalog.product_aside a where a.product_id = asked) x limit 1;
  if p.state <> 'LISTED' or p.vendor_state <> 'VERIFIED' then
    if p.state = 'WITHDRAWN' then
      delete from catalog.product_aside where product_id = asked;
      delete from catalog.product_to_match where product_id = asked;
    else
      insert into catalog.product_aside (product_id, vendor_id, document, refreshed_on) select product_id, vendor_id, document, refreshed_on from catalog.product_search where product_id = asked on conflict do nothing;
    end if;
    delete from catalog.product_search where product_id = asked;
    return;
  end if;
  select coalesce((select o.level from catalog.dataset d join catalog.level_order o on o.level = d.classification ->> 'level' where d.product_id = asked order by o.rank desc limit 1), 'GENERAL') as level,
    array(select distinct a.media_type from catalog.dataset d join catalog.revision r on r.dataset_id = d.id join catalog.asset a on a.revision_id = r.id where d.product_id = asked and r.state = 'FINALISED' and r.released_at is not null order by 1 limit 20) as formats,
    coalesce((select max(r.released_at) from catalog.dataset d join catalog.revision r on r.dataset_id = d.id where d.product_id = asked and r.state = 'FINALISED'), p.listed_at, p.created_at)::date as refreshed_on
    into facts;
  found_by := p.search || catalog.facet_lexemes(p.themes, p.vendor_jurisdiction, facts.level, p.price_models, array['HTTP_DOWNLOAD'], facts.formats, p.data_languages, p.vendor_id, facts.refreshed_on);
  found_ids := case when p.audience = 'NAMED' then p.audience_ids end;
  if p.audience = 'NAMED' then
    delete from catalog.product_search where product_id = asked;
    insert into catalog.product_aside (product_id, vendor_id, document, refreshed_on, audience_ids) values (asked, p.vendor_id, found_by, facts.refreshed_on, found_ids)
    on conflict (product_id) do update set document = excluded.document, refreshed_on = excluded.refreshed_on, audience_ids = excluded.audience_ids;
  else
    delete from catalog.product_aside where product_id = asked;
    insert into catalog.product_search (product_id, vendor_id, seq, document, themes, origin, level, price_models, delivery_methods, formats, languages, refreshed_on, trades)
    values (asked, p.vendor_id, nextval('catalog.listing_order'), found_by,
      p.themes, p.vendor_jurisdiction, facts.level, p.price_models, array['HTTP_DOWNLOAD'], facts.formats, p.data_languages, facts.refreshed_on,
      (select coalesce(sum(f.trades), 0) from catalog.product_funnel f where f.product_id = asked)::int)
    on conflict (product_id) do update set document = excluded.document, themes = excluded.themes, origin = excluded.origin, level = excluded.level, price_models = excluded.price_models,
      delivery_methods = excluded.delivery_methods, formats = excluded.formats, languages = excluded.languages, refreshed_on = excluded.refreshed_on;
    -- In one sequence for everybody, so that two listings at once do not wait for each other.
    insert into catalog.search_word select distinct lexeme from unnest(ts_filter(p.search, '{a}')) where length(lexeme) between 3 and 60 order by 1 on conflict do nothing;
  end if;
  if (was.document, was.refreshed_on, was.audience_ids) is distinct from (found_by, facts.refreshed_on, found_ids) then
    -- What it was before the first change that is not looked at yet stays; searches that were held against it in between are so again.
    insert into catalog.product_to_match (product_id, was_document, was_refreshed_on, was_ids) values (asked, was.document, was.refreshed_on, was.audience_ids)
    on conflict (product_id) do update set after_id = null;
  end if;
end $$;

-- Who is named counts too; what is withdrawn is forgotten, also where it rested.
drop trigger product_is_found_again on catalog.product;
create trigger product_is_found_again after update on catalog.product for each row
  when ((new.state in ('LISTED', 'WITHDRAWN') or old.state = 'LISTED') and (new.state, new.vendor_state, new.vendor_jurisdiction, new.audience, new.audience_ids, new.themes, new.data_languages, new.price_models, new.search)
    is distinct from (old.state, old.vendor_state, old.vendor_jurisdiction, old.audience, old.audience_ids, old.themes, old.data_languages, old.price_models, old.search)) execute function catalog.index_changed();

-- Private products that are listed already, as they are found from now on: nobody is told of them.
select catalog.index_product(id) from catalog.product where state = 'LISTED' and audience = 'NAMED' order by id;
delete from catalog.product_to_match;
