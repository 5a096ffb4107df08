-- A search looks among the newest that match. How new a product is stands beside its words and facets now, as the stretch of the listing order in which it was listed,
-- of 1,024 and of 32,768 listings (the latter below zero): the index skips to the window instead of reading all products that have a word.
-- `domain/search/listing-order.ts` says the same.
drop index catalog.product_search_document;
create index product_search_document on catalog.product_search using gin (document, (array[seq >> 10, -1 - (seq >> 15)])) with (fastupdate = off);
