-- What discovery looks at: one narrow row of each product that everybody may find, kept by triggers, so that no path forgets it. Words and
-- facets stand in one document, so that one index finds what fulfils all of them. Private products have no row.
drop index catalog.product_search;
create extension if not exists pg_trgm with schema public;

alter table catalog.product
  -- Who finds and opens it: everybody, or the organisations that are named, besides its vendor and staff.
  add column audience text not null default 'PUBLIC' check (audience in ('PUBLIC', 'NAMED')),
  add column audience_ids uuid[] not null default '{}' check (cardinality(audience_ids) <= 100),
  add constraint product_audience check ((audience = 'NAMED') = (cardinality(audience_ids) > 0)),
  -- Of the public offers that can be taken; contracts says so.
  add column if not exists price_models text[] not null default '{}';
create index product_named on catalog.product using gin (audience_ids) where state = 'LISTED' and vendor_state = 'VERIFIED' and audience = 'NAMED';
create or replace view catalog.listed_product as select * from catalog.product where state = 'LISTED' and vendor_state = 'VERIFIED' and audience = 'PUBLIC';
drop policy reads on catalog.product;
create policy reads on catalog.product for select to entrepot_app using (
  (certificate_number is not null and (audience = 'PUBLIC' or (select shared.tenant()) = any (audience_ids))) or vendor_id = (select shared.tenant()) or (select shared.reads_all()));

create sequence catalog.listing_order;
create table catalog.product_search (
  product_id uuid primary key references catalog.product (id) on delete cascade,
  vendor_id uuid not null,
  -- Counts listings: the newest has the highest.
  seq bigint not null,
  document tsvector not null,
  themes text[] not null,
  origin text not null,
  level text not null,
  price_models text[] not null,
  delivery_methods text[] not null,
  formats text[] not null,
  languages text[] not null,
  -- The day of the newest revision.
  refreshed_on date not null,
  trades int not null default 0 check (trades >= 0)
);
create index product_search_document on catalog.product_search using gin (document) with (fastupdate = off);
create unique index product_search_seq on catalog.product_search (seq);
create index product_search_trades on catalog.product_search (trades, seq);
alter table catalog.product_search alter column document set statistics 1000;
select shared.guard('catalog.product_search', '{vendor_id}');
-- Everybody may read it: as a view of its owner it keeps the index usable, which the policies of a table do not.
create view catalog.searchable as select * from catalog.product_search;
revoke all on catalog.searchable from entrepot_app;
grant select on catalog.searchable to entrepot_app;

-- Words of titles, so that a mistyped one finds its neighbour.
create table catalog.search_word (word text primary key check (length(word) between 3 and 60));
create index search_word_trgm on catalog.search_word using gin (word gin_trgm_ops);
select shared.guard('catalog.search_word', '{}', 'true');

create table catalog.level_order (level text primary key, rank int not null unique);
insert into catalog.level_order values ('GENERAL', 1), ('IMPORTANT', 2), ('CORE', 3);
select shared.guard('catalog.level_order', '{}', 'true');

-- Facets stand beside the words, each under a prefix that no word has: words hold no colon.
create function catalog.facet_lexemes(themes text[], origin text, level text, price_models text[], delivery_methods text[], formats text[], languages text[], vendor_id uuid, refreshed_on date) returns tsvector language sql stable set search_path = pg_catalog as $$
  select array_to_tsvector(array['o:' || origin, 'v:' || vendor_id, 'l:' || level, 'm:' || to_char(refreshed_on, 'YYYY-MM')]
    || array(select 't:' || x from unnest(themes) x) || array(select 'p:' || x from unnest(price_models) x) || array(select 'd:' || x from unnest(delivery_methods) x)
    || array(select 'f:' || x from unnest(formats) x) || array(select 'g:' || x from unnest(languages) x))
$$;

create function catalog.index_product(asked uuid) returns void language plpgsql security definer set search_path = pg_catalog, catalog as $$
declare
  p catalog.product; facts record;
begin
  select * into p from catalog.product where id = asked;
  if p.state <> 'LISTED' or p.vendor_state <> 'VERIFIED' or p.audience <> 'PUBLIC' then
    delete from catalog.product_search where product_id = asked;
    return;
  end if;
  select coalesce((select o.level from catalog.dataset d join catalog.level_order o on o.level = d.classification ->> 'level' where d.product_id = asked order by o.rank desc limit 1), 'GENERAL') as level,
    array(select distinct a.media_type from catalog.dataset d join catalog.revision r on r.dataset_id = d.id join catalog.asset a on a.revision_id = r.id where d.product_id = asked and r.state = 'FINALISED' and r.released_at is not null order by 1 limit 20) as formats,
    coalesce((select max(r.released_at) from catalog.dataset d join catalog.revision r on r.dataset_id = d.id where d.product_id = asked and r.state = 'FINALISED'), p.listed_at, p.created_at)::date as refreshed_on
    into facts;
  insert into catalog.product_search (product_id, vendor_id, seq, document, themes, origin, level, price_models, delivery_methods, formats, languages, refreshed_on, trades)
  values (asked, p.vendor_id, nextval('catalog.listing_order'),
    p.search || catalog.facet_lexemes(p.themes, p.vendor_jurisdiction, facts.level, p.price_models, array['HTTP_DOWNLOAD'], facts.formats, p.data_languages, p.vendor_id, facts.refreshed_on),
    p.themes, p.vendor_jurisdiction, facts.level, p.price_models, array['HTTP_DOWNLOAD'], facts.formats, p.data_languages, facts.refreshed_on,
    (select coalesce(sum(f.trades), 0) from catalog.product_funnel f where f.product_id = asked)::int)
  on conflict (product_id) do update set document = excluded.document, themes = excluded.themes, origin = excluded.origin, level = excluded.level, price_models = excluded.price_models,
    delivery_methods = excluded.delivery_methods, formats = excluded.formats, languages = excluded.languages, refreshed_on = excluded.refreshed_on;
  -- In one sequence for everybody, so that two listings at once do not wait for each other.
  insert into catalog.search_word select distinct lexeme from unnest(ts_filter(p.search, '{a}')) where length(lexeme) between 3 and 60 order by 1 on conflict do nothing;
end $$;
revoke all on function catalog.index_product(uuid) from public;

create function catalog.index_changed() returns trigger language plpgsql security definer set search_path = pg_catalog, catalog as $$
begin
  if tg_table_name = 'product' then perform catalog.index_product(new.id);
  elsif tg_table_name = 'dataset' then perform catalog.index_product(new.product_id);
  else perform catalog.index_product((select product_id from catalog.dataset where id = new.dataset_id));
  end if;
  return null;
end $$;
revoke all on function catalog.index_changed() from public;
-- How often it was licensed is counted with the funnel.
create function catalog.count_trades() returns trigger language plpgsql security definer set search_path = pg_catalog, catalog as $$
begin
  update catalog.product_search set trades = (select sum(f.trades) from catalog.product_funnel f where f.product_id = new.product_id)::int where product_id = new.product_id;
  return null;
end $$;
revoke all on function catalog.count_trades() from public;
create trigger trade_is_found after insert on catalog.product_funnel for each row when (new.trades > 0) execute function catalog.count_trades();
create trigger trade_is_found_again after update on catalog.product_funnel for each row when (new.trades is distinct from old.trades) execute function catalog.count_trades();
create trigger product_is_found after insert on catalog.product for each row when (new.state = 'LISTED') execute function catalog.index_changed();
create trigger product_is_found_again after update on catalog.product for each row
  when ((new.state = 'LISTED' or old.state = 'LISTED') and (new.state, new.vendor_state, new.vendor_jurisdiction, new.audience, new.themes, new.data_languages, new.price_models, new.search)
    is distinct from (old.state, old.vendor_state, old.vendor_jurisdiction, old.audience, old.themes, old.data_languages, old.price_models, old.search)) execute function catalog.index_changed();
create trigger dataset_is_found after update of classification on catalog.dataset for each row execute function catalog.index_changed();
create trigger revision_is_found after update on catalog.revision for each row when ((new.state, new.released_at) is distinct from (old.state, old.released_at)) execute function catalog.index_changed();

-- How common the commonest words and facets are, of a million products as of ten: what the statistics of the last ANALYZE say. Everybody's words, so nobody's secret.
create function catalog.search_frequencies() returns table (lexeme text, frequency numeric) language sql stable security definer set search_path = pg_catalog as $$
  select e, f::numeric from pg_stats s, unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs[1:cardinality(s.most_common_elems::text::text[])]) as u (e, f)
  where s.schemaname = 'catalog' and s.tablename = 'product_search' and s.attname = 'document'
$$;
create function catalog.search_size() returns table (rows bigint, newest bigint) language sql stable security definer set search_path = pg_catalog as $$
  select greatest(c.reltuples, 0)::bigint, (select coalesce(max(seq), 0) from catalog.product_search) from pg_class c where c.oid = 'catalog.product_search'::regclass
$$;

-- What is listed is found from now on, without weights where it was described before they were kept.
select catalog.index_product(id) from catalog.product where state = 'LISTED' order by listed_at, id;
insert into catalog.search_word select distinct lexeme from catalog.product p, unnest(p.search) where p.state = 'LISTED' and p.vendor_state = 'VERIFIED' and length(lexeme) between 3 and 60 on conflict do nothing;
