-- The lexemes by which a product finds the searches to be held against it, one a row: an index on arrays is not used behind the policies of
-- a table, as its operators might tell what they compare; equality does not.
create table catalog.saved_search_needle (
  lexeme text not null,
  saved_search_id uuid not null references catalog.saved_search (id) on delete cascade,
  organisation_id uuid not null,
  primary key (lexeme, saved_search_id)
);
create index saved_search_needle_of_search on catalog.saved_search_needle (saved_search_id);
select shared.guard('catalog.saved_search_needle', '{organisation_id}');
insert into catalog.saved_search_needle (lexeme, saved_search_id, organisation_id) select distinct lexeme, id, organisation_id from catalog.saved_search, unnest(needles) as lexeme;
alter table catalog.saved_search drop column needles;
