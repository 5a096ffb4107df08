import { LIMITS } from '#shared';
import { type DocumentNode, type FragmentDefinitionNode, GraphQLError, Kind, Location, type SelectionSetNode } from 'graphql';

/** What a selection comes to once every fragment stands where it is spread. */
interface Size {
  fields: number;
  depth: number;
  /** Depth below `__schema` and `__type`: fields that only the schema's own types can have. */
  schemaDepth: number;
}

/** Larger sums mean nothing more; fragments that spread fragments double them at every step. */
const ENOUGH = 1_000_000_000;
const SCHEMA_FIELDS = new Set(['__schema', '__type']);

class Measure {
  private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  private readonly known = new Map<string, Size | 'open'>();
  directives = 0;

  constructor(document: DocumentNode) {
    this.fragments = new Map(document.definitions.filter((d) => d.kind === Kind.FRAGMENT_DEFINITION).map((f) => [f.name.value, f]));
  }

  of({ selections }: SelectionSetNode): Size {
    const size: Size = { fields: 0, depth: 0, schemaDepth: 0 };
    for (const selection of selections) {
      this.count(selection.directives);
      if (selection.kind === Kind.FRAGMENT_SPREAD) add(size, this.fragment(selection.name.value));
      else if (selection.kind === Kind.INLINE_FRAGMENT) add(size, this.of(selection.selectionSet));
      else {
        const below = selection.selectionSet ? this.of(selection.selectionSet) : { fields: 0, depth: 0, schemaDepth: 0 };
        const ofSchema = SCHEMA_FIELDS.has(selection.name.value);
        add(size, { fields: below.fields + 1, depth: ofSchema ? 1 : below.depth + 1, schemaDepth: ofSchema ? Math.max(below.depth, below.schemaDepth) + 1 : below.schemaDepth });
      }
    }
    return size;
  }

  count(directives: readonly unknown[] = []): void {
    this.directives += directives.length;
    if (directives.length > LIMITS.fieldDirectives) throw refusal(`at most ${LIMITS.fieldDirectives} directives are allowed in one place`);
  }

  private fragment(name: string): Size {
    const known = this.known.get(name);
    if (known === 'open') throw refusal(`fragment "${name}" spreads itself`);
    if (known) return known;
    const fragment = this.fragments.get(name);
    if (!fragment) return { fields: 0, depth: 0, schemaDepth: 0 };
    this.known.set(name, 'open');
    const size = this.of(fragment.selectionSet);
    this.known.set(name, size);
    return size;
  }
}

function add(to: Size, more: Size): void {
  to.fields = Math.min(ENOUGH, to.fields + more.fields);
  to.depth = Math.max(to.depth, more.depth);
  to.schemaDepth = Math.max(to.schemaDepth, more.schemaDepth);
}

const refusal = (message: string): GraphQLError => new GraphQLError(message, { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } });

/**
 * Refuses a document that is too large, before the much dearer validation. By its syntax alone: fragments count wherever they are
 * spread and whatever they are called, used or not. A document that was not read from GraphQL text is none.
 */
export function limitDocument(document: DocumentNode): void {
  // Mercurius takes the syntax tree as JSON too, which no limit on tokens has seen.
  if (!(document.loc instanceof Location)) throw refusal('the query is not a GraphQL document');
  const measure = new Measure(document);
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION && definition.kind !== Kind.FRAGMENT_DEFINITION) continue;
    measure.count(definition.directives);
    const { fields, depth, schemaDepth } = measure.of(definition.selectionSet);
    // A type of the schema's own has no fields of ours; that the condition is true, validation sees to.
    const limit = definition.kind === Kind.FRAGMENT_DEFINITION && definition.typeCondition.name.value.startsWith('__') ? LIMITS.introspectionDepth : LIMITS.queryDepth;
    if (depth > limit || schemaDepth > LIMITS.introspectionDepth) throw refusal(`the query is ${Math.max(depth, schemaDepth)} levels deep, the limit is ${limit}`);
    if (fields > LIMITS.queryFields) throw refusal(`the query has more than ${LIMITS.queryFields} fields, fragments counted wherever they are spread`);
    if (measure.directives > LIMITS.queryDirectives) throw refusal(`at most ${LIMITS.queryDirectives} directives are allowed in a document`);
  }
}

/** Before anything is parsed or remembered. */
export function limitText(source: string): void {
  if (source.length > LIMITS.queryCharacters) throw refusal(`a query has at most ${LIMITS.queryCharacters} characters; values belong in variables`);
}
