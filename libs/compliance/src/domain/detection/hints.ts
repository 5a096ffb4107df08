import type { TableInspection } from './inspect-table.js';
import type { LevelHint, SuggestedTags } from './proposal.js';
import { headerWords, holds } from './value.js';

const HIGHLY_SENSITIVE = new Set(['financial_account', 'medical_health']);
const SHANGHAI = 'Shanghai negative list, 2025 edition: personal information that may be important data by its scale';

interface Terms {
  readonly text: string;
  readonly source: string;
  readonly mark: LevelHint['mark'];
  readonly terms: readonly string[];
}
/** Two columns of a kind are a sign; one may be a coincidence. */
const MIN_COLUMNS = 2;
const TERMS: readonly Terms[] = [
  {
    text: 'meteorological observations', source: 'Shanghai negative list, 2025 edition, meteorology', mark: 'secondary',
    terms: ['气温', '气压', '降水', '风速', '风向', '湿度', '能见度', '辐射', '探空', '雷达反射率', 'station id met', 'reflectivity', 'radiosonde', 'upper air', 'geopotential', 'dew point'],
  },
  {
    text: 'surveying and mapping results', source: 'GB/T 43697-2024 Annex G, geographic information', mark: 'general-knowledge',
    terms: ['重力异常', '高程', '控制点', '大地坐标', '坐标转换', '等高线', '水深', '点云', 'gravity anomaly', 'geoid', 'control point', 'benchmark elevation', 'point cloud', 'bathymetry', 'contour'],
  },
  {
    text: 'data of military or other guarded places', source: 'GB/T 43697-2024 Annex G', mark: 'general-knowledge',
    terms: ['军事', '军用', '涉密', '密级', '国防', '军工', 'military', 'defence', 'classified', 'secret level'],
  },
  {
    text: 'reserves and strategic resources', source: 'GB/T 43697-2024 Annex G', mark: 'general-knowledge',
    terms: ['储量', '稀土', '铀', '战略储备', '粮食储备', 'uranium', 'rare earth', 'strategic reserve'],
  },
];

/** Signs of important data, each with its source. */
export function hintsFor(tables: readonly TableInspection[], tags: SuggestedTags): LevelHint[] {
  const hint = (text: string, source: string, mark: LevelHint['mark'], asksReason = true): LevelHint => ({ level: 'important', text, source, mark, asksReason });
  const all = tags.persons + tags.sensitivePersons;
  const hints: LevelHint[] = [];
  if (all >= 10_000_000n) hints.push(hint('at least 10,000,000 persons', 'Network Data Security Management Regulations Art. 28', 'verified'));
  else if (tags.sensitivePersons > 1_000_000n) hints.push(hint('sensitive personal information of more than 1,000,000 persons', SHANGHAI, 'secondary'));
  else if (tags.sensitivePersons > 100_000n && tags.sensitiveCategories.some((c) => HIGHLY_SENSITIVE.has(c))) hints.push(hint('highly sensitive personal information of more than 100,000 persons', SHANGHAI, 'secondary'));
  const names = tables.flatMap((t) => t.profile.header.map(headerWords));
  for (const { text, source, mark, terms } of TERMS) {
    if (names.filter((n) => terms.some((t) => holds(n, t))).length >= MIN_COLUMNS) hints.push(hint(text, source, mark));
  }
  // Precision is a grading factor; where nobody is in the data it is said and asks nothing.
  if (tables.some((t) => t.columns.some((c) => c.findings.some((f) => ['latitude', 'point', 'geohash'].includes(f.detector) && f.confidence === 'high')))) {
    hints.push(hint('coordinates to a hundred metres or better', 'GB/T 43697-2024: precision is a grading factor', 'secondary', tags.tracks));
  }
  return hints;
}
