import { isIP } from 'node:net';
import { isLuhn } from './check-digits.js';
import { type Detector, PLAIN } from './detector.js';

const DEVICE = { role: 'device', us: 'identifiers', dpv: 'pd:DeviceBased', rank: 8, ...PLAIN } as const;
const UUID = /^[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}$/i;
const VIN_VALUES: Readonly<Record<string, number>> = Object.fromEntries([...'ABCDEFGHJKLMNPRSTUVWXYZ'].map((c, i) => [c, [1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9][i]!]));
const VIN_WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];

/** GB 16735, ISO 3779: the check character of China and North America in place 9. */
export function isVin(bare: string): boolean {
  if (!/^[A-HJ-NPR-Z0-9]{17}$/.test(bare) || !/[A-Z]/.test(bare)) return false;
  return '0123456789X'[VIN_WEIGHTS.reduce((sum, weight, i) => sum + weight * (VIN_VALUES[bare[i]!] ?? Number(bare[i])), 0) % 11] === bare[8];
}

/** What one person carries, drives or sits at. */
export const DEVICES: readonly Detector[] = [
  { id: 'imei', ...DEVICE, headers: ['imei', 'meid', '手机串号'], test: ({ bare }) => /^\d{15}$/.test(bare) && isLuhn(bare), headed: 0.3, alone: 0.9, checked: true },
  { id: 'imsi', ...DEVICE, headers: ['imsi', 'iccid', 'sim', 'sim card'], test: ({ bare }) => /^\d{14,20}$/.test(bare), headed: 0.3, alone: null },
  { id: 'mac_address', ...DEVICE, dpv: 'pd:MACAddress', headers: ['mac', 'mac address', 'mac地址', 'bssid', '蓝牙地址'], test: ({ text }) => /^(?:[0-9A-F]{2}[:-]){5}[0-9A-F]{2}$/i.test(text), headed: 0.3, alone: 0.3, checked: true },
  { id: 'ip_address', ...DEVICE, dpv: 'pd:IPAddress', headers: ['ip', 'ip address', 'ip地址', 'client ip', 'remote addr', 'user ip'], test: ({ text }) => text.length <= 45 && isIP(text) !== 0, headed: 0.3, alone: 0.8 },
  {
    id: 'device_id', ...DEVICE, headers: ['设备号', '设备id', '设备标识', 'idfa', 'idfv', 'gaid', 'aaid', 'oaid', 'adid', 'advertising id', 'ad id', 'android id', 'device id', 'deviceid', 'udid', 'cookie', 'cookie id', 'push token'],
    test: ({ text, bare }) => UUID.test(text) || /^[0-9A-F]{14,64}$/.test(bare), headed: 0.3, alone: null,
  },
  { id: 'cn_plate', ...DEVICE, dpv: 'pd:VehicalLicenseNumber', headers: ['车牌', '车牌号', '号牌', 'plate', 'license plate', 'licence plate', 'plate number', 'plate no'], test: ({ bare }) => /^[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领][A-HJ-NP-Z][A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳]$/u.test(bare), headed: 0.3, alone: 0.2, checked: true },
  { id: 'vin', ...DEVICE, dpv: 'pd:Vehicle', headers: ['vin', '车架号', '车辆识别代号', '车辆识别码'], test: ({ bare }) => isVin(bare), headed: 0.3, alone: 0.6, checked: true },
];
