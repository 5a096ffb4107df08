import type { IncomingHttpHeaders } from 'node:http';
import { isId, LIMITS } from '#shared';

export const TUS_PATH = 'v1/uploads';
export const TUS_VERSION = '1.0.0';
export const TUS_BODY = 'application/offset+octet-stream';

/** What a creation asks for: an upload, or several put together. */
export type Creation = { readonly assetId: string; readonly byteLength: number; readonly partial: boolean } | { readonly parts: readonly string[] } | { readonly problem: string };

/** The fields of a POST of tus 1.0.0: Upload-Length, Upload-Metadata with `assetId`, and Upload-Concat. */
export function creationOf(headers: IncomingHttpHeaders): Creation {
  const concat = headers['upload-concat'];
  if (typeof concat === 'string' && concat.startsWith('final;')) return partsOf(concat.slice('final;'.length));
  if (concat !== undefined && concat !== 'partial') return { problem: 'Upload-Concat is partial, or final; with the addresses of its parts' };
  const length = headers['upload-length'];
  if (typeof length !== 'string' || !/^[1-9]\d{0,14}$/.test(length)) return { problem: 'Upload-Length: a number of bytes is needed from the beginning' };
  const assetId = metadata(headers['upload-metadata'], 'assetId');
  if (assetId === null || !isId(assetId)) return { problem: 'Upload-Metadata: assetId and the id in Base64, of an asset that was described' };
  return { assetId, byteLength: Number(length), partial: concat === 'partial' };
}

function partsOf(list: string): Creation {
  const ids = list.trim().split(/ +/).map((address) => address.split('/').pop()!);
  if (ids.length > LIMITS.uploadParts || !ids.every((id) => isId(id))) return { problem: `Upload-Concat: final; with 1 to ${LIMITS.uploadParts} addresses of partial uploads` };
  return { parts: ids };
}

/** The value of a key of Upload-Metadata; null where it is missing or malformed. */
function metadata(field: string | string[] | undefined, key: string): string | null {
  if (typeof field !== 'string') return null;
  const value = field.split(',').map((pair) => pair.trim().split(' ')).find(([name]) => name === key)?.[1];
  return value !== undefined && /^[A-Za-z0-9+/]+={0,2}$/.test(value) ? Buffer.from(value, 'base64').toString('utf8') : null;
}
