import type { FieldNode, FragmentDefinitionNode, GraphQLResolveInfo, SelectionSetNode } from 'graphql';

/** What a resolver is told of the field that it answers. */
export type Selected = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>;

/** A compiled query hands the same nodes to every call. */
const known = new WeakMap<readonly FieldNode[], ReadonlySet<string>>();

/**
 * The fields that a query may ask of the objects of the field that is being answered, in whatever fragment and under whatever condition:
 * what is heavy and not among them need not be read.
 */
export function selectedFields({ fieldNodes, fragments }: Selected): ReadonlySet<string> {
  let found = known.get(fieldNodes);
  if (!found) {
    const names = new Set<string>();
    for (const node of fieldNodes) if (node.selectionSet) collect(node.selectionSet, fragments, names);
    known.set(fieldNodes, (found = names));
  }
  return found;
}

/** A query whose fragments name one another is refused before anything resolves. */
function collect({ selections }: SelectionSetNode, fragments: Readonly<Record<string, FragmentDefinitionNode>>, names: Set<string>): void {
  for (const node of selections) {
    if (node.kind === 'Field') names.add(node.name.value);
    else if (node.kind === 'InlineFragment') collect(node.selectionSet, fragments, names);
    else if (fragments[node.name.value]) collect(fragments[node.name.value]!.selectionSet, fragments, names);
  }
}
