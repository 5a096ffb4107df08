import { SaxesParser } from 'saxes';
import type { XmlElement } from './element.js';
import { prefixOf } from './namespaces.js';

/** Limits of what is read from outside: an invoice of ten thousand lines stays far below. */
export const XML_LIMITS = { characters: 10_000_000, elements: 500_000, depth: 40 } as const;

export interface XmlProblem {
  readonly problem: string;
}
interface Open {
  name: string;
  attributes: Record<string, string>;
  children: XmlElement[];
  text: string;
}
class Refused extends Error {}

/**
 * Reads XML strictly (saxes): namespaces resolved, and anything that is not well-formed refused. A document type is refused before it is read, so there are no entities but the five of XML, nothing grows and nothing is fetched.
 */
export function readXml(source: string): XmlElement | XmlProblem {
  if (source.length > XML_LIMITS.characters) return { problem: `more than ${XML_LIMITS.characters} characters` };
  const parser = new SaxesParser({ xmlns: true, position: false });
  const stack: Open[] = [];
  let [root, elements] = [undefined as XmlElement | undefined, 0];
  const refuse = (problem: string): never => {
    throw new Refused(problem);
  };
  parser.on('error', (error) => refuse(error.message));
  parser.on('doctype', () => refuse('a document type is not read'));
  parser.on('opentag', (tag) => {
    if ((elements += 1) > XML_LIMITS.elements) refuse(`more than ${XML_LIMITS.elements} elements`);
    if (stack.length >= XML_LIMITS.depth) refuse(`deeper than ${XML_LIMITS.depth} elements`);
    const prefix = prefixOf(tag.uri);
    const attributes = Object.values(tag.attributes).filter((a) => a.prefix !== 'xmlns' && a.name !== 'xmlns').map((a) => [a.uri ? `{${a.uri}}${a.local}` : a.local, a.value]);
    stack.push({ name: prefix ? `${prefix}:${tag.local}` : `{${tag.uri}}${tag.local}`, attributes: Object.fromEntries(attributes) as Record<string, string>, children: [], text: '' });
  });
  const append = (text: string): void => {
    const open = stack.at(-1);
    if (open) open.text += text;
  };
  parser.on('text', append);
  parser.on('cdata', append);
  parser.on('closetag', () => {
    const { name, attributes, children, text } = stack.pop()!;
    if (children.length && text.trim()) refuse(`text between the elements of ${name}`);
    const element = { name, attributes, children, text: children.length ? '' : text };
    if (stack.length) stack.at(-1)!.children.push(element);
    else root = element;
  });
  try {
    parser.write(source).close();
  } catch (error) {
    if (error instanceof Refused) return { problem: error.message };
    throw error;
  }
  return root ?? { problem: 'no element' };
}
export const isXmlProblem = (read: XmlElement | XmlProblem): read is XmlProblem => 'problem' in read;
