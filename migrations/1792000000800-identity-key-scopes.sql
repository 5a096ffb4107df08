-- A key may carry every act that keys may carry: there are more than twenty by now.
alter table identity.api_key drop constraint api_key_scopes_check, add constraint api_key_scopes_check check (cardinality(scopes) between 1 and 100);
