import { CsvReader } from './csv-reader.js';
import type { FileReader } from './file-reader.js';
import { JsonReader } from './json-reader.js';
import type { Tables } from './table-builder.js';

const READERS: Readonly<Record<string, (tables: Tables, fileName: string) => FileReader>> = {
  'text/csv': (tables, fileName) => new CsvReader(tables, fileName),
  'application/json': (tables, fileName) => new JsonReader(tables, fileName),
};

/** The reader of a media type; undefined for one whose cells the platform does not read. */
export const fileReader = (mediaType: string, tables: Tables, fileName: string): FileReader | undefined => (Object.hasOwn(READERS, mediaType) ? READERS[mediaType]!(tables, fileName) : undefined);
