// What a call rejects with. Everything is a RisalaError; what the server answered is an ApiError of the kind that
// its status says.
'use strict';

class RisalaError extends Error {
  constructor(message, options) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** A webhook post that is not to be trusted. */
class SignatureError extends RisalaError {}

/** No answer came. `answerLost`: the request may have reached the server and been done. */
class ConnectionFailedError extends RisalaError {
  constructor(message, { answerLost, cause }) {
    super(message, { cause });
    this.answerLost = answerLost;
  }
}

/** The server refused, or failed. */
class ApiError extends RisalaError {
  constructor({ status, body, requestId, retryAfterSeconds }) {
    const told = typeof body?.error === 'object' && body.error !== null ? body.error : {};
    const code = String(told.code ?? `HTTP_${status}`);
    super(`${code}: ${told.message ?? `The server answered ${status}.`}`);
    this.code = code;
    this.status = status;
    this.param = told.param ?? null;
    this.docs = told.docs ?? null;
    this.requestId = told.request_id ?? requestId ?? '';
    this.retryAfterSeconds = retryAfterSeconds ?? null;
    this.body = body;
  }
}

class InvalidRequestError extends ApiError {}
class AuthenticationError extends ApiError {}
class InsufficientBalanceError extends ApiError {}
class PermissionDeniedError extends ApiError {}
class NotFoundError extends ApiError {}
class ConflictError extends ApiError {}
class RateLimitedError extends ApiError {}
class ServerError extends ApiError {}

const BY_STATUS = {
  401: AuthenticationError,
  402: InsufficientBalanceError,
  403: PermissionDeniedError,
  404: NotFoundError,
  409: ConflictError,
  429: RateLimitedError,
};

function errorFor(told) {
  const Kind = BY_STATUS[told.status] ?? (told.status >= 500 ? ServerError : InvalidRequestError);
  return new Kind(told);
}

module.exports = {
  ApiError,
  AuthenticationError,
  ConflictError,
  ConnectionFailedError,
  InsufficientBalanceError,
  InvalidRequestError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitedError,
  RisalaError,
  ServerError,
  SignatureError,
  errorFor,
};
