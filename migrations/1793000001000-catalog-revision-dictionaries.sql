-- A revision of a listed product may change what its columns are: it carries the dictionary that is its dataset's from its release on. Like its files it is never changed once closed.
alter table catalog.revision add column dictionary jsonb check (dictionary is null or (jsonb_typeof(dictionary) = 'array' and state <> 'DRAFT'));
