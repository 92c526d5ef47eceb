// Client of a Risala installation, for `import`; the program is in CommonJS, so that both ways give the same classes.
import risala from './index.cjs';

export const {
  ApiError,
  AuthenticationError,
  ConflictError,
  ConnectionFailedError,
  InsufficientBalanceError,
  InvalidRequestError,
  NotFoundError,
  Page,
  PermissionDeniedError,
  RateLimitedError,
  Risala,
  RisalaError,
  ServerError,
  SignatureError,
  VERSION,
  verifySignature,
} = risala;
export default Risala;
