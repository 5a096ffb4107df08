/**
 * What is counted and can have a price, each with how its unit is called. One place: metering counts these, plans price these. The exchange counts
 * `downloads` and `bytes` itself, as it delivers; the others their vendors report.
 */
const COMMON_METERS = ['downloads', 'bytes', 'rows', 'calls', 'minutes', 'seats'] as const;
/** Those that scenario packs name: priced where the product claims a pack that names them. */
const SCENARIO_METERS = ['titles', 'territories', 'minutes_streamed', 'sessions', 'records', 'vessels', 'locodes'] as const;
export const METERS = [...COMMON_METERS, ...SCENARIO_METERS] as const;
export type Meter = (typeof METERS)[number];

export const isMeter = (name: string): name is Meter => (METERS as readonly string[]).includes(name);

export const isScenarioMeter = (name: Meter): boolean => (SCENARIO_METERS as readonly string[]).includes(name);

/** Counted where the exchange delivers: nobody reports them, and a trial can limit them before a byte leaves. */
export const DELIVERY_METERS = ['downloads', 'bytes'] as const satisfies readonly Meter[];
export type DeliveryMeter = (typeof DELIVERY_METERS)[number];
export const isDeliveryMeter = (name: string): name is DeliveryMeter => (DELIVERY_METERS as readonly string[]).includes(name);

export const METER_UNITS: Readonly<Record<Meter, { readonly en: string; readonly zh: string }>> = {
  downloads: { en: 'downloads', zh: '次下载' },
  bytes: { en: 'bytes', zh: '字节' },
  rows: { en: 'rows', zh: '行' },
  calls: { en: 'calls', zh: '次调用' },
  minutes: { en: 'minutes', zh: '分钟' },
  seats: { en: 'seats', zh: '个席位' },
  titles: { en: 'titles', zh: '部作品' },
  territories: { en: 'territories', zh: '个国家或地区' },
  minutes_streamed: { en: 'minutes streamed', zh: '分钟播放' },
  sessions: { en: 'sessions', zh: '场直播' },
  records: { en: 'records', zh: '条记录' },
  vessels: { en: 'vessels', zh: '艘船舶' },
  locodes: { en: 'places', zh: '个地点' },
};
