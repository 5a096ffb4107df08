import { type Detector, PLAIN } from './detector.js';

/** Three decimals of a degree are about a hundred metres. */
const PRECISE_DECIMALS = 3;
const decimalsOf = (text: string): number => text.length - 1 - (text.indexOf('.') < 0 ? text.length - 1 : text.indexOf('.'));
const within = (limit: number) => ({ text }: { text: string }): boolean => /^[+-]?\d{1,3}\.\d{1,20}$/.test(text) && Math.abs(Number(text)) <= limit && decimalsOf(text) >= PRECISE_DECIMALS;
const POINT = /^(?:POINT ?\()?\[?[+-]?\d{1,3}\.\d{3,20}[ ,]{1,2}[+-]?\d{1,3}\.\d{3,20}\]?\)?$/i;

/**
 * Coordinates to three decimals and more. By themselves they are places, not persons: they become whereabouts where the same table
 * names a person or a device, which is for the proposal to say.
 */
const PLACE = { role: 'attribute', us: 'precise_geolocation_devices', dpv: 'pd:GPSCoordinate', ...PLAIN } as const;
export const LOCATION: readonly Detector[] = [
  { id: 'latitude', ...PLACE, headers: ['纬度', 'lat', 'latitude', 'gps lat', 'wgs84 lat', 'wd'], test: within(90), headed: 0.3, alone: null },
  { id: 'longitude', ...PLACE, headers: ['经度', 'lon', 'lng', 'long', 'longitude', 'gps lon', 'gps lng', 'jd'], test: within(180), headed: 0.3, alone: null },
  { id: 'point', ...PLACE, headers: ['坐标', '定位', '经纬度', 'coordinates', 'coordinate', 'location', 'geo', 'geom', 'geometry', 'wkt', 'point', 'lat lng', 'latlng', 'latlon'], test: ({ text }) => POINT.test(text), headed: 0.3, alone: 0.5 },
  { id: 'geohash', ...PLACE, headers: ['geohash'], test: ({ text }) => /^[0-9b-hjkmnp-z]{7,12}$/.test(text), headed: 0.3, alone: null },
  { id: 'movement', role: 'attribute', us: 'precise_geolocation_devices', dpv: 'pd:TravelHistory', headers: ['轨迹', '行踪', '行程', '基站', 'trajectory', 'gps track', 'track points', 'cell id', 'cell tower', 'lac', 'whereabouts', 'check in location'], headed: 0, alone: null, ...PLAIN },
];
export const PRECISE_PLACES = new Set(['point', 'geohash', 'movement']);
