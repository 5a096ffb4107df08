-- The name of an event in 16 bytes: a UUID of version 8 (RFC 9562) out of SHA-256 over vendor, source and id, with 122 of its bits. The index of all names ever counted is a third of what
-- it was with the three in it. Should two names ever meet, the digests differ, and the second event is refused as a contradiction: nothing is lost without a word.
create function metering.event_name(vendor_id uuid, source text, event_id text) returns uuid language sql immutable strict parallel safe set search_path = pg_catalog as $$
  select (substr(h, 1, 12) || '8' || substr(h, 14, 3) || substr('89ab', (get_byte(decode(substr(h, 17, 2), 'hex'), 0) >> 4 & 3) + 1, 1) || substr(h, 18, 15))::uuid
  from (select encode(sha256(convert_to(vendor_id::text || E'\n' || source || E'\n' || event_id, 'UTF8')), 'hex') as h) d
$$;

alter table metering.usage_event_key rename to usage_event_key_before;
alter table metering.usage_event_key_before rename constraint usage_event_key_pkey to usage_event_key_before_pkey;
create table metering.usage_event_key (
  name uuid primary key,
  licence_id uuid not null,
  recorded_at timestamptz not null,
  -- SHA-256 of what was told: tells a repetition from another event under the same name.
  digest bytea not null check (octet_length(digest) = 32)
);
insert into metering.usage_event_key (name, licence_id, recorded_at, digest)
select metering.event_name(vendor_id, source, event_id), licence_id, recorded_at, decode(digest, 'hex') from metering.usage_event_key_before;
drop table metering.usage_event_key_before;
create trigger usage_event_key_is_history before update or delete on metering.usage_event_key for each row execute function shared.refuse_change();
create trigger usage_event_key_is_kept before truncate on metering.usage_event_key for each statement execute function shared.refuse_change();
select shared.guard('metering.usage_event_key', '{}');
