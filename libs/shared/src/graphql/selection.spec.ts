import { buildSchema, graphqlSync, type GraphQLResolveInfo } from 'graphql';
import { selectedFields } from './selection.js';

const schema = buildSchema('type Query { offer: Offer } type Offer { id: ID title: String plans: [Plan] terms: String } type Plan { label: String }');
function asked(query: string): string[] {
  let seen: string[] = [];
  const { errors } = graphqlSync({ schema, source: query, variableValues: { all: false }, rootValue: { offer: (_args: unknown, _context: unknown, info: GraphQLResolveInfo) => { seen = [...selectedFields(info)].sort(); return {}; } } });
  expect(errors).toBeUndefined();
  return seen;
}

describe('the fields that a query asks of an object', () => {
  it('are those of the object itself, not of what it holds', () => {
    expect(asked('{ offer { title plans { label } } }')).toEqual(['plans', 'title']);
  });
  it('are found under another name, in fragments of both kinds and wherever the field is asked again', () => {
    expect(asked('{ offer { name: title ...A ... on Offer { id } } offer { __typename } } fragment A on Offer { ...B } fragment B on Offer { terms }')).toEqual(['__typename', 'id', 'terms', 'title']);
  });
  it('count also where a condition may leave them out', () => {
    expect(asked('query ($all: Boolean!) { offer { id terms @include(if: $all) } }')).toEqual(['id', 'terms']);
  });
});
