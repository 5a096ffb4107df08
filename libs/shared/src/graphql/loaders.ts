import DataLoader from 'dataloader';

export interface LoaderHolder {
  loaders?: Map<string, DataLoader<string, unknown>>;
}

/** A batching loader that lives as long as the request: made on first use and kept in the GraphQL context. */
export function loader<T>(context: LoaderHolder, name: string, load: (ids: readonly string[]) => Promise<Map<string, T>>): DataLoader<string, T | null> {
  const loaders = (context.loaders ??= new Map());
  let found = loaders.get(name) as DataLoader<string, T | null> | undefined;
  if (!found) {
    found = new DataLoader<string, T | null>(async (ids) => {
      const byId = await load(ids);
      return ids.map((id) => byId.get(id) ?? null);
    });
    loaders.set(name, found as DataLoader<string, unknown>);
  }
  return found;
}
