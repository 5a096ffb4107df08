import type { MediaType } from '#catalog';
import { CsvCheck } from './csv.js';
import type { FormatCheck } from './format-check.js';
import { ARROW, FramedCheck, PARQUET } from './framed.js';
import { JsonCheck } from './json.js';

const CHECKS: Record<MediaType, () => FormatCheck> = {
  'text/csv': () => new CsvCheck(),
  'application/json': () => new JsonCheck(),
  'application/vnd.apache.parquet': () => new FramedCheck(PARQUET),
  'application/vnd.apache.arrow.file': () => new FramedCheck(ARROW),
};

/** The check for a media type; undefined for one that the catalogue does not list. */
export const formatCheck = (mediaType: string): FormatCheck | undefined => (Object.hasOwn(CHECKS, mediaType) ? CHECKS[mediaType as MediaType]() : undefined);
