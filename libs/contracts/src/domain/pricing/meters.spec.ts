import { readdirSync, readFileSync } from 'node:fs';
import { isMeter, isScenarioMeter, METER_UNITS, METERS } from './meters.js';

const FOLDER = 'libs/catalog/packs';
const named = new Set(readdirSync(FOLDER).flatMap((file) => (JSON.parse(readFileSync(`${FOLDER}/${file}`, 'utf8')) as { meters: { code: string }[] }).meters.map((m) => m.code)));

describe('the meters', () => {
  it('have those that the scenario packs name, and no scenario meter that no pack names', () => {
    expect([...named].sort()).toEqual(METERS.filter(isScenarioMeter).sort());
  });
  it('are each called by a name once, with its unit in both languages', () => {
    expect(new Set(METERS).size).toBe(METERS.length);
    for (const meter of METERS) expect([METER_UNITS[meter].en, METER_UNITS[meter].zh].every((t) => t.length > 0)).toBe(true);
  });
  it('are known by their names alone', () => expect(['calls', 'CALLS', '__proto__', ''].map(isMeter)).toEqual([true, false, false, false]));
});
