import { LIMITS } from '#shared';
import { type ASTVisitor, type DocumentNode, GraphQLError, type GraphQLSchema, Kind, OperationTypeNode, type ValidationContext } from 'graphql';
import { fieldExtensionsEstimator, getComplexity, simpleEstimator } from 'graphql-query-complexity';
import type { MercuriusContext } from 'mercurius';
import { limitDocument, limitText } from './document-limits.js';

/** Mercurius caches the compiled query by source text alone: operation B of a two-operation document would run operation A. */
export function oneOperationRule(context: ValidationContext): ASTVisitor {
  return {
    Document(node) {
      if (node.definitions.filter((d) => d.kind === Kind.OPERATION_DEFINITION).length > 1) context.reportError(new GraphQLError('only one operation per document is allowed', { nodes: node }));
    },
  };
}

/** Aliases and root fields are counted over the whole document, fragments included, so that naming a fragment hides nothing. */
export function countRule(context: ValidationContext): ASTVisitor {
  let aliases = 0;
  let fields = 0;
  return {
    Field(node) {
      const parent = context.getParentType();
      const root = parent && (parent === context.getSchema().getQueryType() || parent === context.getSchema().getMutationType());
      if (root && ++fields === LIMITS.queryRootFields + 1) context.reportError(new GraphQLError(`at most ${LIMITS.queryRootFields} root fields are allowed`, { nodes: node }));
      if (node.alias && ++aliases === LIMITS.queryAliases + 1) context.reportError(new GraphQLError(`at most ${LIMITS.queryAliases} aliases are allowed`, { nodes: node }));
    },
  };
}

/** Mercurius' hook before it parses a text that it does not remember. */
export const limitBeforeParsing = async (_schema: GraphQLSchema, source: string): Promise<void> => limitText(source);
/** And before it validates: validation compares fields with each other, so its cost grows faster than the document. */
export const limitBeforeValidation = async (_schema: GraphQLSchema, document: DocumentNode): Promise<void> => limitDocument(document);

/** Queries may be stopped half-way; what a mutation began, it ends. */
export async function stopWhenAbandoned(_schema: GraphQLSchema, document: DocumentNode, { reply }: MercuriusContext): Promise<void> {
  if (document.definitions.every((d) => d.kind !== Kind.OPERATION_DEFINITION || d.operation === OperationTypeNode.QUERY)) reply.request.operation?.mayStop();
}

const estimators = [fieldExtensionsEstimator(), simpleEstimator({ defaultComplexity: 1 })];
const VARIANTS_PER_DOCUMENT = 64;
/** Longer variables are rare and are not worth the memory that remembering them would take. */
const REMEMBERED_VARIABLES = 512;
const costs = new WeakMap<DocumentNode, Map<string, number>>();

/** Cost is a pure function of document and variables; hot documents are the same object again, so theirs is computed once. */
function costOf(schema: GraphQLSchema, document: DocumentNode, variables: Record<string, unknown>): number {
  const known = costs.get(document) ?? new Map<string, number>();
  const key = JSON.stringify(variables);
  if (key.length > REMEMBERED_VARIABLES) return getComplexity({ schema, query: document, variables, estimators });
  let cost = known.get(key);
  if (cost === undefined) {
    cost = getComplexity({ schema, query: document, variables, estimators });
    if (known.size >= VARIANTS_PER_DOCUMENT) known.clear();
    known.set(key, cost);
    costs.set(document, known);
  }
  return cost;
}

/** Runs before every execution, so it sees the variables of documents that are cached and compiled too. */
export async function costLimit(schema: GraphQLSchema, document: DocumentNode, { reply }: MercuriusContext, variables: Record<string, unknown> = {}): Promise<void> {
  const cost = costOf(schema, document, variables);
  if (cost > LIMITS.queryCost) throw new GraphQLError(`this query costs ${cost}, the limit is ${LIMITS.queryCost}: ask for smaller pages`, { extensions: { code: 'QUERY_TOO_COMPLEX', cost, limit: LIMITS.queryCost } });
  await reply.server.requestLimits.query(reply, cost);
}
