/** The names of a GraphQL enum for values of the domain: `general-knowledge` is GENERAL_KNOWLEDGE outside, `catalog:manage` CATALOG_MANAGE. */
export const enumOf = <T extends string>(values: readonly T[]): Record<string, T> => Object.fromEntries(values.map((v) => [v.replace(/[:-]/g, '_').toUpperCase(), v]));
