// When a call is made again, and after how long. Again: when no connection came about; when the answer was lost, if
// repeating does no harm; on 429 for speed, on 503, and on 409 while the first request under the same Idempotency-Key
// still runs. Nothing else.
'use strict';

const { ApiError, ConnectionFailedError } = require('./errors.cjs');

const FIRST_PAUSE_SECONDS = 0.5;
const LONGEST_PAUSE_SECONDS = 8;
const FOR_SPEED = new Set(['RATE_LIMITED', 'RATE_LIMIT_EXCEEDED']);

function worthRepeating(error, repeatable) {
  if (error instanceof ConnectionFailedError) return repeatable || !error.answerLost;
  if (!(error instanceof ApiError)) return false;
  const code = error.code.toUpperCase();
  if (error.status === 429) return FOR_SPEED.has(code);
  return error.status === 503 || (error.status === 409 && code === 'IDEMPOTENCY_IN_PROGRESS');
}

/** A Retry-After is the least; else the pause doubles, and chance spreads those that failed together. */
function pauseSeconds(error, attempt) {
  const told = error.retryAfterSeconds ?? null;
  if (told !== null) return told + Math.random() * Math.min(1, told / 4);
  const longest = Math.min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** attempt);
  return (longest / 2) * (1 + Math.random());
}

module.exports = { worthRepeating, pauseSeconds };
