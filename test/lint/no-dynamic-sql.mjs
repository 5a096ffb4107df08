/**
 * No string reaches SQL. The text of a statement is a constant of its module: a literal, or a template of other such constants. What
 * comes from outside goes in as a parameter. Holds for `query(...)`, for the text of a named statement and for every method of
 * a query builder that takes SQL.
 */
const TAKES_SQL = new Set([
  'query', 'where', 'andWhere', 'orWhere', 'having', 'andHaving', 'orHaving', 'select', 'addSelect', 'orderBy', 'addOrderBy', 'groupBy', 'addGroupBy', 'innerJoin', 'leftJoin', 'innerJoinAndSelect', 'leftJoinAndSelect',
  'from', 'distinctOn', 'onConflict', 'orUpdate', 'returning',
]);
const BUILDER = /QueryBuilder|builder|qb/i;
/** Of `query`, a database's: others of the name take no text. */
const LIMITER = /[lL]imits?$/;
const SQL_TEXT = /\b(select\b[^]*\bfrom|insert\s+into|update\s+[\w."]+\s+set|delete\s+from|set_config|\bwhere\b[^]*=|\border\s+by)\b/i;

const wrapped = new Set(['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression', 'ParenthesizedExpression']);
const bare = (node) => (node && wrapped.has(node.type) ? bare(node.expression) : node);

function variableOf(context, node) {
  for (let scope = context.sourceCode.getScope(node); scope; scope = scope.upper) {
    const found = scope.set.get(node.name);
    if (found) return { variable: found, scope };
  }
  return null;
}

/** A constant of this module or of another one: nothing that a call has brought. */
function isConstant(context, expression, depth = 0) {
  const node = bare(expression);
  if (!node || depth > 12) return false;
  switch (node.type) {
    case 'Literal': return true;
    case 'TemplateLiteral': return node.expressions.every((e) => isConstant(context, e, depth + 1));
    case 'BinaryExpression': return node.operator === '+' && isConstant(context, node.left, depth + 1) && isConstant(context, node.right, depth + 1);
    case 'ConditionalExpression': return isConstant(context, node.consequent, depth + 1) && isConstant(context, node.alternate, depth + 1);
    case 'MemberExpression': return isConstant(context, node.object, depth + 1) && (!node.computed || isConstant(context, node.property, depth + 1) || isConstant(context, node.object, depth + 1));
    case 'ObjectExpression': return node.properties.every((p) => p.type === 'Property' && isConstant(context, p.value, depth + 1));
    case 'ArrayExpression': return node.elements.every((e) => isConstant(context, e, depth + 1));
    case 'Identifier': {
      const found = variableOf(context, node);
      if (!found) return false;
      const [definition] = found.variable.defs;
      if (!definition) return false;
      if (definition.type === 'ImportBinding') return /^[A-Z][A-Z0-9_]*$/.test(node.name);
      const module = found.scope.type === 'module' || found.scope.type === 'global';
      // What a module works out once, while it loads, has seen no request; inside a function its parts are looked at.
      return definition.type === 'Variable' && definition.parent.kind === 'const' && (module || isConstant(context, definition.node.init, depth + 1));
    }
    default: return false;
  }
}

/** A parameter that the compiler holds to be a whole, named statement: those are looked at where they are made. */
function isStatementParameter(context, expression) {
  const node = bare(expression);
  if (node?.type !== 'Identifier') return false;
  const definition = variableOf(context, node)?.variable.defs[0];
  const annotation = definition?.type === 'Parameter' ? definition.name.typeAnnotation?.typeAnnotation : null;
  return annotation?.type === 'TSTypeReference' && annotation.typeName.name === 'Statement';
}

const insideFunction = (node) => {
  for (let at = node.parent; at; at = at.parent) if (/Function/.test(at.type)) return true;
  return false;
};

const rule = {
  meta: { type: 'problem', docs: { description: 'the text of a statement is a constant' }, schema: [] },
  create(context) {
    const report = (node) => context.report({ node, message: 'SQL is put together from something that is not a constant of the module: give it as a parameter' });
    return {
      CallExpression(node) {
        const { callee } = node;
        // `prepared(tx, statement, values)`.
        if (callee.type === 'Identifier' && callee.name === 'prepared') {
          const [, statement] = node.arguments;
          if (statement && !isConstant(context, statement) && !isStatementParameter(context, statement)) report(statement);
          return;
        }
        if (callee.type !== 'MemberExpression' || callee.computed || !TAKES_SQL.has(callee.property.name)) return;
        const [text] = node.arguments;
        if (!text) return;
        const receiver = context.sourceCode.getText(callee.object);
        // A builder is known by how it was made; `query` is asked of whatever has it.
        if (callee.property.name === 'query' ? LIMITER.test(receiver) : !BUILDER.test(receiver)) return;
        const parts = bare(text).type === 'ArrayExpression' ? bare(text).elements : [text];
        for (const part of parts) if (!isConstant(context, part) && !isStatementParameter(context, part) && !isStatementObject(context, part)) report(part);
      },
      Property(node) {
        if (node.key.name !== 'text' || node.parent.type !== 'ObjectExpression' || !node.parent.properties.some((p) => p.key?.name === 'name' || p.key?.name === 'values')) return;
        if (insideFunction(node) && SQL_TEXT.test(context.sourceCode.getText(node.value)) && !isConstant(context, node.value) && !isMaker(context, node)) report(node.value);
      },
      TemplateLiteral(node) {
        if (node.expressions.length === 0 || !insideFunction(node) || !SQL_TEXT.test(node.quasis.map((q) => q.value.raw).join(' '))) return;
        if (!node.expressions.every((e) => isConstant(context, e)) && !isMaker(context, node)) report(node);
      },
    };
  },
};

/** `{ name, text, values }` written out at the call. */
function isStatementObject(context, expression) {
  const node = bare(expression);
  if (node?.type !== 'ObjectExpression') return false;
  if (node.properties.some((p) => p.type === 'SpreadElement')) return node.properties.every((p) => p.type !== 'SpreadElement' || isConstant(context, p.argument));
  const text = node.properties.find((p) => p.key?.name === 'text');
  return text !== undefined && (isConstant(context, text.value) || isStatementText(context, text.value));
}

/** `statement.text` of a parameter that is a whole statement. */
const isStatementText = (context, expression) => {
  const node = bare(expression);
  return node?.type === 'MemberExpression' && !node.computed && node.property.name === 'text' && isStatementParameter(context, node.object);
};

/** A function of the module that makes statements and is called only while the module loads: it never sees a request. */
function isMaker(context, node) {
  let outer = null;
  for (let at = node.parent; at; at = at.parent) if (/Function/.test(at.type)) outer = at;
  const name = outer?.type === 'FunctionDeclaration' ? outer.id?.name : outer?.parent.type === 'VariableDeclarator' ? outer.parent.id.name : null;
  if (!name) return false;
  const variable = context.sourceCode.scopeManager.scopes.find((s) => s.type === 'module')?.set.get(name);
  return variable !== undefined && variable.references.length > 0 && variable.references.every((r) => r.init || (r.identifier.parent.type === 'CallExpression' && r.identifier.parent.callee === r.identifier && !insideFunction(r.identifier)));
}

export default { meta: { name: 'entrepot' }, rules: { 'no-dynamic-sql': rule } };
