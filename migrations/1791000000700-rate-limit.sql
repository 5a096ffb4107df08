-- What each caller has used up of each limit in the window under way; processes lease points from here in chunks and serve
-- from their lease. Unlogged: a lease costs no write-ahead log and no flush, and what a crash of the server forgets is one minute
-- of counting. Fillfactor: a row is updated in place many times before its window ends. No tenant: a key is the digest of a
-- caller or an address, read and written by the limiter alone.
create unlogged table shared.rate_limit (
  bucket text not null check (length(bucket) between 1 and 40),
  key bytea not null check (octet_length(key) = 32),
  -- Points that the last lease got; how much a lease got is not told by the sum alone.
  granted int not null check (granted >= 0),
  taken int not null check (taken >= granted),
  ends_at timestamptz not null,
  primary key (bucket, key)
) with (fillfactor = 50);
create index rate_limit_ended on shared.rate_limit (ends_at);
