import { otherKind, SNIFFED_BYTES } from './content-kind.js';

const CSV = 'text/csv';
const PARQUET = 'application/vnd.apache.parquet';
const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

describe('the beginning of a file', () => {
  it.each([
    ['PAR1\x15\x04', CSV, 'Parquet'], ['PAR1\x15\x04', PARQUET, null], ['ARROW1\x00\x00', 'application/vnd.apache.arrow.file', null], ['ARROW1\x00\x00', PARQUET, 'Arrow IPC'],
    ['PK\x03\x04\x14', CSV, 'a ZIP archive or an office document'], ['\x1f\x8b\x08\x00', 'application/json', 'a gzip archive'], ['\x7fELF\x02', 'application/x-ndjson', 'a program for Linux'],
    ['MZ\x90\x00\x03', CSV, 'a program for Windows'], ['MZ,count\n1,2\n', CSV, null], ['BZh,count\n', CSV, null], ['#!/bin/sh\n', CSV, 'a script'], ['%PDF-1.7', CSV, 'a PDF document'],
    [`${'\x00'.repeat(257)}ustar\x00`, CSV, 'a tar archive'], ['ship,teu\n', CSV, null], ['{"a":1}', 'application/json', null], ['', CSV, null], ['\xff\xfes\x00h\x00', CSV, null], ['not parquet', PARQUET, null],
  ] as const)('%j described as %s is %s', (head, mediaType, found) => {
    expect(otherKind(bytes(head), mediaType)).toBe(found);
  });
  it('is short', () => {
    expect(SNIFFED_BYTES).toBeLessThan(512);
  });
});
