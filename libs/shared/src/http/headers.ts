/** A sha-256 as the digest fields of RFC 9530 write it. */
export const digestField = (sha256Hex: string): string => `sha-256=:${Buffer.from(sha256Hex, 'hex').toString('base64')}:`;

/** The sha-256 of a digest field, lower-case hex. Undefined: it names other algorithms only. Null: it is malformed. */
export function sha256OfDigestField(field: string): string | null | undefined {
  const members = field.split(',').map((m) => /^[ \t]*([a-z][a-z0-9_.*-]*)=:([A-Za-z0-9+/]*={0,2}):[ \t]*$/.exec(m));
  if (members.some((m) => m === null)) return null;
  const digest = members.find((m) => m![1] === 'sha-256')?.[2];
  if (digest === undefined) return undefined;
  const bytes = Buffer.from(digest, 'base64');
  return bytes.length === 32 ? bytes.toString('hex') : null;
}

/** `Content-Disposition` with the name in ASCII for old clients and in UTF-8 (RFC 8187) for the others. */
export function attachment(fileName: string): string {
  const ascii = fileName.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const utf8 = encodeURIComponent(fileName).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${utf8}`;
}

export const strongEtag = (sha256Hex: string): string => `"${sha256Hex}"`;
