import type { MediaType } from '#catalog';
import { FileFinding } from '../finding.js';
import { loadCsv } from './csv.js';
import { loadJson, loadJsonLines } from './json.js';
import { loadParquet } from './parquet.js';
import type { Loaded, Loading } from './staged.js';

const LOADERS: Record<MediaType, (loading: Loading) => Promise<Loaded>> = {
  'text/csv': loadCsv,
  'application/json': loadJson,
  'application/x-ndjson': loadJsonLines,
  'application/vnd.apache.parquet': loadParquet,
  // Its library takes longer to load than most files to read.
  'application/vnd.apache.arrow.file': async (loading) => (await import('./arrow.js')).loadArrow(loading),
};

export function loadFile(loading: Loading): Promise<Loaded> {
  const { mediaType } = loading.file;
  if (!Object.hasOwn(LOADERS, mediaType)) throw new FileFinding(`${mediaType} is not a media type that can be listed`);
  return LOADERS[mediaType as MediaType](loading);
}
