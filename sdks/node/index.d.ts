// Types of the library.
import { Page } from './lib/types';
import { Resources } from './resources/index';

export * from './lib/types';
export * from './resources/index';

export interface ClientOptions {
  /** Default: the environment's RISALA_API_KEY. */
  apiKey?: string;
  /** Where the installation is, such as `https://sms.example.com`. Default: the environment's RISALA_BASE_URL. */
  baseUrl?: string;
  /** For one attempt, from beginning to end. Default 30. */
  timeoutSeconds?: number;
  /** How often a call is made again at most. Default 3. */
  retries?: number;
  /** A longer Retry-After is not waited for: the error is thrown. Default 60. */
  longestWaitSeconds?: number;
  fetch?: typeof fetch;
}

export interface Risala extends Resources {}
export declare class Risala {
  constructor(options?: ClientOptions);
  /** Any call of the API, also one this library has no method for. */
  call(
    method: string,
    path: string,
    fields?: Record<string, unknown>,
    options?: { keyed?: boolean; idempotencyKey?: string },
  ): Promise<unknown>;
  /** The first page of any list. */
  pages<T>(path: string, fields?: Record<string, unknown>): Promise<Page<T>>;
}

export declare class RisalaError extends Error {}
export declare class SignatureError extends RisalaError {}
export declare class ConnectionFailedError extends RisalaError {
  /** The request may have reached the server and been done. */
  readonly answerLost: boolean;
}
export declare class ApiError extends RisalaError {
  /** The stable name, such as `INSUFFICIENT_BALANCE`. */
  readonly code: string;
  readonly status: number;
  /** The field it is about. */
  readonly param: string | null;
  readonly docs: string | null;
  /** What to tell the operator. */
  readonly requestId: string;
  readonly retryAfterSeconds: number | null;
  readonly body: unknown;
}
/** 400, 405, 413, 415, 422 */
export declare class InvalidRequestError extends ApiError {}
/** 401 */
export declare class AuthenticationError extends ApiError {}
/** 402 */
export declare class InsufficientBalanceError extends ApiError {}
/** 403 */
export declare class PermissionDeniedError extends ApiError {}
/** 404 */
export declare class NotFoundError extends ApiError {}
/** 409 */
export declare class ConflictError extends ApiError {}
/** 429 */
export declare class RateLimitedError extends ApiError {}
/** 500 and above */
export declare class ServerError extends ApiError {}

export type Profile = 'standard' | 'smsmaroc' | 'envoisms' | 'smsprovider';
export interface VerifyOptions {
  /** That of the endpoint; default `standard`. */
  profile?: Profile;
  /** Default 300. */
  toleranceSeconds?: number;
  /** Unix seconds, for tests. */
  now?: number;
}

/**
 * The event of a post that is genuine; throws SignatureError for any other.
 * `payload` is the body exactly as it came, before any parsing; several secrets may be given while one is changed.
 */
export declare function verifySignature(
  payload: string | Uint8Array,
  headers: Headers | Record<string, string | string[] | undefined>,
  secret: string | readonly string[],
  options?: VerifyOptions,
): Record<string, any>;

export declare const VERSION: string;
