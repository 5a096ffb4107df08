/** What is counted and can have a price, each with how its unit is called. One place: metering counts these, plans price these. */
export const METERS = ['downloads', 'bytes'] as const;
export type Meter = (typeof METERS)[number];

export const isMeter = (name: string): name is Meter => (METERS as readonly string[]).includes(name);

export const METER_UNITS: Readonly<Record<Meter, { readonly en: string; readonly zh: string }>> = {
  downloads: { en: 'downloads', zh: '次下载' },
  bytes: { en: 'bytes', zh: '字节' },
};
