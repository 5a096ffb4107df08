import { everyElement, type XmlElement } from './element.js';
import { NAMESPACES } from './namespaces.js';

// What XML 1.0 cannot carry at all is left out; tabs and line breaks stay, as references.
// oxlint-disable-next-line no-control-regex -- the control characters are what is looked for
const NOT_XML = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#13;', '\n': '&#10;', '\t': '&#9;' };
export const escapeXml = (text: string): string => text.replace(NOT_XML, '').replace(/[&<>"\r\n\t]/g, (c) => ESCAPES[c]!);

function write(element: XmlElement, indent: string, declared: string): string {
  const attributes = Object.entries(element.attributes).map(([name, value]) => ` ${name}="${escapeXml(value)}"`).join('');
  const open = `${indent}<${element.name}${declared}${attributes}>`;
  return element.children.length ? `${open}\n${element.children.map((c) => write(c, `${indent}  `, '')).join('')}${indent}</${element.name}>\n` : `${open}${escapeXml(element.text)}</${element.name}>\n`;
}

/** UTF-8 text with the namespaces that it uses declared at the root. The same tree gives the same bytes. */
export function writeXml(root: XmlElement): string {
  const used = new Set([...everyElement(root)].map((e) => e.name.slice(0, e.name.indexOf(':'))));
  const declared = Object.entries(NAMESPACES).filter(([prefix]) => used.has(prefix)).map(([prefix, uri]) => ` xmlns:${prefix}="${uri}"`).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n${write(root, '', declared)}`;
}
