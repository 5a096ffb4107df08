/**
 * What the conditions of a request come to for a representation with this strong validator, in the order of RFC 9110, section 13.2.2. There is no
 * date of last change, so conditions on dates are not looked at, as the RFC says. `null`: the request goes on.
 */
export function precondition(ifMatch: string | undefined, ifNoneMatch: string | undefined, etag: string): 304 | 412 | null {
  if (ifMatch !== undefined && !names(ifMatch, (tag) => tag === etag)) return 412;
  // Weak comparison: `W/"x"` is as good as `"x"`.
  return ifNoneMatch !== undefined && names(ifNoneMatch, (tag) => tag.replace(/^W\//, '') === etag) ? 304 : null;
}

const names = (field: string, fits: (tag: string) => boolean): boolean => field.trim() === '*' || (field.match(/(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/g) ?? []).some(fits);
