import type { S3Place } from '../s3/s3-place.js';
import type { ChannelPlan } from './read-channels.js';

/** A folder of this machine, or one that all processes of the exchange share. */
export interface DiskPlace {
  readonly kind: 'disk';
  readonly folder: string;
}

/** A place where the bytes of assets lie, under the law of one jurisdiction. */
export interface Region {
  /** Kept with every object, so it never changes its meaning. */
  readonly id: string;
  /** ISO 3166-1 alpha-2. Null: the exchange says nothing about where it is, and asks nothing. */
  readonly jurisdiction: string | null;
  /** Jurisdictions whose vendors may keep their assets here, its own among them. Null: everybody. */
  readonly vendors: readonly string[] | null;
  readonly place: DiskPlace | S3Place;
}
export interface RegionPlan {
  readonly regions: readonly Region[];
  /** Where an asset lies whose vendor says nothing, if he may keep it there. */
  readonly defaultId: string;
}
/** The same with the ways out. */
export type StoragePlan = RegionPlan & ChannelPlan;

/** What was stored before there were regions lies here. */
export const LOCAL = 'local';

/** Without a configuration: one region, the folder of the exchange, for everybody. */
export const onlyLocal = (folder: string): RegionPlan => ({ defaultId: LOCAL, regions: [{ id: LOCAL, jurisdiction: null, vendors: null, place: { kind: 'disk', folder } }] });

/** Whether a vendor of this jurisdiction may keep assets in a region: moving them abroad to be stored is an export of its own, and no decision was asked for it. */
export const mayStore = (region: Region, jurisdiction: string): boolean => region.vendors === null || region.vendors.includes(jurisdiction);

/** Where the assets of such a vendor lie unless he chooses: the default if he may, else the first that he may; null where there is none. */
export const homeFor = ({ regions, defaultId }: RegionPlan, jurisdiction: string): Region | null => {
  const allowed = regions.filter((r) => mayStore(r, jurisdiction));
  return allowed.find((r) => r.id === defaultId) ?? allowed[0] ?? null;
};
