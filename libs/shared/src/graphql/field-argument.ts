import { TypeMetadataStorage } from '@nestjs/graphql';

interface ArgumentOptions {
  readonly type: () => typeof String;
  readonly nullable: boolean;
  readonly description: string;
}

/**
 * Declares an argument of a field whose method has no parameter decorators. Nest calls such a method as GraphQL does, with parent, arguments
 * and context, at once and not through its pipes: in a list, where a field is asked for each line, that is most of its cost. Nothing
 * validates the argument but the schema, so it is for texts that are compared and never stored.
 */
export const FieldArgument = (name: string, options: ArgumentOptions): MethodDecorator => (target, key) =>
  TypeMetadataStorage.addMethodParamMetadata({
    kind: 'arg', name, target: target.constructor, methodName: key as string, index: 1, typeFn: options.type, description: options.description, options: { nullable: options.nullable },
  });
