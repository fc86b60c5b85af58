import {
  type InvalidateOptions,
  type InvalidateQueryFilters,
  type Query,
  QueryClient,
  type QueryKey,
} from '@tanstack/react-query';

/**
 * Invalidates also what is being read for the first time: its answer, which is on its way, may be older than the news.
 * The library takes such an answer for new, and nobody would tell the news again.
 */
export class NewsQueryClient extends QueryClient {
  /** Those that are read once more as soon as they are there. */
  readonly #again = new WeakSet<Query>();

  override invalidateQueries<K extends QueryKey = QueryKey>(
    filters?: InvalidateQueryFilters<K>,
    options?: InvalidateOptions,
  ): Promise<void> {
    for (const query of this.getQueryCache().findAll({ ...filters, type: 'active' }))
      if (query.state.data === undefined && query.state.fetchStatus === 'fetching') this.#readAgain(query);
    return super.invalidateQueries(filters, options);
  }

  #readAgain(query: Query): void {
    if (this.#again.has(query)) return;
    this.#again.add(query);
    const again = () => {
      this.#again.delete(query);
      void this.refetchQueries({ queryKey: query.queryKey, exact: true, type: 'active' });
    };
    query.promise?.then(again, () => this.#again.delete(query));
  }
}
