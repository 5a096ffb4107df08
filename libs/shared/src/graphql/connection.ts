import type { Type } from '@nestjs/common';
import { ArgsType, Field, Int, ObjectType } from '@nestjs/graphql';
import { IsDate, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { LIMITS } from '../config/limits.js';
import type { Page } from '../pagination.js';

@ObjectType({ description: 'Where a page ends (Relay cursor connections).' })
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether there is another page after this one.' }) hasNextPage: boolean;
  @Field(() => String, { nullable: true, description: 'Give it as `after` to get the next page.' }) endCursor: string | null;
}

@ArgsType()
export class PageArgs {
  @IsOptional() @IsInt() @Min(1) @Max(LIMITS.pageSizeMax)
  @Field(() => Int, { defaultValue: LIMITS.pageSizeDefault, description: `How many, from 1 to ${LIMITS.pageSizeMax}.` }) first: number = LIMITS.pageSizeDefault;
  @IsOptional() @IsString() @MaxLength(400)
  @Field(() => String, { nullable: true, description: 'The `endCursor` of the page before.' }) after?: string | null;
}

/** Of a list in which every row has its moment. */
@ArgsType()
export class WindowArgs extends PageArgs {
  @IsOptional() @IsDate() @Field(() => Date, { nullable: true, description: 'Those of this moment or later.' }) from?: Date | null;
  @IsOptional() @IsDate() @Field(() => Date, { nullable: true, description: 'Those before this moment.' }) until?: Date | null;
}

export interface EdgeOf<T> {
  node: T;
  cursor: string;
}
export interface ConnectionOf<T> {
  edges: readonly EdgeOf<T>[];
  nodes: readonly T[];
  pageInfo: PageInfo;
}

/** `<Node>Connection` of the Relay cursor specification, with `nodes` for those who need no cursor per item. */
export function connectionType<T>(node: Type<T>, name: string): Type<ConnectionOf<T>> {
  @ObjectType(`${name}Edge`, { description: `One ${name} and its cursor.` })
  class Edge implements EdgeOf<T> {
    @Field(() => node, { description: 'The item.' }) node: T;
    @Field(() => String, { description: 'Give it as `after` to go on behind this item.' }) cursor: string;
  }
  @ObjectType(`${name}Connection`, { description: `A page of ${name}.` })
  class Connection implements ConnectionOf<T> {
    @Field(() => [Edge], { description: 'The items of this page with their cursors.' }) edges: readonly Edge[];
    @Field(() => [node], { description: 'The items of this page.' }) nodes: readonly T[];
    @Field(() => PageInfo, { description: 'Where the page ends.' }) pageInfo: PageInfo;
  }
  return Connection;
}

/** Edges are made only when the query asks for them. */
class LazyConnection<A, B> implements ConnectionOf<B> {
  readonly nodes: readonly B[];
  readonly pageInfo: PageInfo;
  constructor(private readonly page: Page<A>, map: (item: A) => B) {
    this.nodes = page.items.map(map);
    this.pageInfo = { hasNextPage: page.hasNextPage, endCursor: page.endCursor };
  }
  get edges(): EdgeOf<B>[] {
    return this.nodes.map((node, i) => ({ node, cursor: this.page.cursorOf(this.page.items[i]!) }));
  }
}

export const toConnection = <A, B>(page: Page<A>, map: (item: A) => B): ConnectionOf<B> => new LazyConnection(page, map);

/** Cost of a list field: the page size times what one item costs. */
export const pageCost = ({ args, childComplexity }: { args: { first?: number | null }; childComplexity: number }): number =>
  1 + (args.first ?? LIMITS.pageSizeDefault) * Math.max(childComplexity, 1);
