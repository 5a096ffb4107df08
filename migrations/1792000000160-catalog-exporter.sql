-- What lists of zones and the contract of the Greater Bay Area ask of the exporter.
alter table catalog.product
  add column exporter_zone text check (exporter_zone in ('lingang', 'shanghai_ftz')),
  add column exporter_in_gba boolean not null default false;
