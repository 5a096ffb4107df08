import { el, type XmlElement } from './element.js';
import { NAMESPACES } from './namespaces.js';
import { readXml, XML_LIMITS } from './read-xml.js';
import { escapeXml, writeXml } from './write-xml.js';

const tree = el('inv:Invoice', [el('cbc:ID', 'a & <b> "c" \u4e2d\u6587\n', { schemeID: 'x"y' }), el('cbc:Note', null), el('cac:PaymentTerms', [el('cbc:Note', '')])]) as XmlElement;

describe('XML', () => {
  it('is read as it was written; what is empty is not written', () => {
    expect(tree.children.map((c) => c.name)).toEqual(['cbc:ID']);
    expect(readXml(writeXml(tree))).toEqual(tree);
  });
  it('has the prefixes of this room, whatever the sender chose', () => {
    expect(readXml(`<Invoice xmlns="${NAMESPACES.inv}" xmlns:q="${NAMESPACES.cbc}"><q:ID>1</q:ID><other xmlns="urn:x"/></Invoice>`)).toMatchObject({ name: 'inv:Invoice', children: [{ name: 'cbc:ID' }, { name: '{urn:x}other' }] });
  });
  it.each([
    ['a document type', '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', /document type/], ['an entity', '<a>&other;</a>', /entit/i], ['an open end', '<a>', /unclosed|unexpected end/i], ['mixed content', '<a>x<b/>y</a>', /text between/], ['a missing namespace', '<c:a/>', /unbound/i], ['nothing', '', /.+/],
    ['depth', '<a>'.repeat(XML_LIMITS.depth + 1), /deeper/], ['size', 'x'.repeat(XML_LIMITS.characters + 1), /characters/],
  ] as const)('refuses %s', (_, source, problem) => expect(readXml(source)).toEqual({ problem: expect.stringMatching(problem) as string }));
  it('leaves out what XML cannot carry', () => expect(escapeXml('a\u0000b\ud800c\u0007')).toBe('abc'));
});
