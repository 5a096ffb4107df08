/** An XML element as written and as read. Names carry the prefix that `namespaces.ts` gives to their namespace, whatever prefix a sender chose. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Of an element without children. */
  readonly text: string;
}

export type Content = string | readonly (XmlElement | readonly XmlElement[] | null)[];

/** A leaf, or an element with the children that are there. Null where there is nothing: empty elements are not written (PEPPOL-EN16931-R008). */
export function el(name: string, content: Content | null, attributes: Readonly<Record<string, string>> = {}): XmlElement | null {
  if (content === null || content.length === 0) return null;
  if (typeof content === 'string') return { name, attributes, children: [], text: content };
  const children = content.flatMap((c) => (c === null ? [] : c)) as XmlElement[];
  return children.length ? { name, attributes, children, text: '' } : null;
}

/** Elements at a path of names below one element: `cac:TaxTotal/cac:TaxSubtotal`. */
export function all(element: XmlElement, path: string): XmlElement[] {
  return path.split('/').reduce<XmlElement[]>((at, name) => at.flatMap((e) => e.children.filter((c) => c.name === name)), [element]);
}
export const first = (element: XmlElement, path: string): XmlElement | undefined => all(element, path)[0];
/** Trimmed; undefined where there is no such element. */
export const textAt = (element: XmlElement, path: string): string | undefined => first(element, path)?.text.trim();

/** Every element of the tree in document order, the root first. */
export function* everyElement(element: XmlElement): Generator<XmlElement> {
  yield element;
  for (const child of element.children) yield* everyElement(child);
}
export const everyNamed = (root: XmlElement, ...names: string[]): XmlElement[] => [...everyElement(root)].filter((e) => names.includes(e.name));
