// Types of what is written by hand; those of the calls are drawn, in ../resources.
export interface CallOptions {
  /** Your own key for this call; without one, one is made, and repeats within the call keep it. */
  idempotencyKey?: string;
}

export declare class Page<T> implements AsyncIterable<T> {
  /** The rows of this page. */
  readonly data: T[];
  /** How many rows there are in all; null where that is not counted. */
  readonly total: number | null;
  readonly nextCursor: string | null;
  /** The whole answer. */
  readonly answer: Record<string, unknown>;
  /** The page after this one, null after the last. */
  nextPage(): Promise<Page<T> | null>;
  /** The rows of this page and of all that follow. */
  [Symbol.asyncIterator](): AsyncIterator<T>;
}
