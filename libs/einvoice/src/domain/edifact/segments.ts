/** UN/EDIFACT syntax (ISO 9735) with the usual service characters. A segment is its tag and elements, an element its components. */
export interface Segment {
  readonly tag: string;
  readonly elements: readonly (readonly string[])[];
}

/** The release character stands before what would be read as syntax. Line breaks are none of a segment's. */
const escaped = (text: string): string => text.replace(/\s+/g, ' ').replace(/[?:+']/g, (c) => `?${c}`);

function trimmed<T>(values: readonly T[], isEmpty: (value: T) => boolean): readonly T[] {
  const last = values.findLastIndex((v) => !isEmpty(v));
  return values.slice(0, last + 1);
}
/** What is empty at the end is left out. */
export function writeSegment({ tag, elements }: Segment): string {
  const written = elements.map((components) => trimmed(components, (c) => c === '').map(escaped).join(':'));
  return `${[tag, ...trimmed(written, (w) => w === '')].join('+')}'`;
}

/** `seg('DTM', ['137', '20261123', '102'])`; a text stands for an element of one component. */
export const seg = (tag: string, ...elements: (string | readonly string[])[]): Segment => ({ tag, elements: elements.map((e) => (typeof e === 'string' ? [e] : e)) });

/** A text in components of so many characters, at most so many of them. */
export function chunks(text: string, length: number, most: number): string[] {
  const characters = Array.from(text.replace(/\s+/g, ' ').trim());
  return Array.from({ length: Math.min(most, Math.ceil(characters.length / length)) }, (_, i) => characters.slice(i * length, (i + 1) * length).join(''));
}

/** Reads an interchange back into segments. Undefined where it is not closed. */
export function readSegments(text: string): Segment[] | undefined {
  const segments: Segment[] = [];
  let [elements, components, current] = [[] as string[][], [] as string[], ''];
  const endComponent = (): void => void ((components = [...components, current]), (current = ''));
  const endElement = (): void => void (endComponent(), (elements = [...elements, components]), (components = []));
  for (let i = 0; i < text.length; i += 1) {
    const c = text[i]!;
    if (c === '?') current += text[(i += 1)] ?? '';
    else if (c === ':') endComponent();
    else if (c === '+') endElement();
    else if (c === "'") {
      endElement();
      segments.push({ tag: elements[0]![0]!, elements: elements.slice(1) });
      elements = [];
    } else if (c !== '\n' && c !== '\r') current += c;
  }
  return current === '' && elements.length === 0 ? segments : undefined;
}
