<?php

// When a call is made again, and after how long. Again: when no connection came about; when the answer was lost, if
// repeating does no harm; on 429 for speed, on 503, and on 409 while the first request under the same Idempotency-Key
// still runs. Nothing else.

declare(strict_types=1);

namespace Risala;

use Risala\Exception\ApiException;
use Risala\Exception\ConnectionFailedException;
use Risala\Exception\RisalaException;

final class Patience
{
    private const FIRST_PAUSE_SECONDS = 0.5;
    private const LONGEST_PAUSE_SECONDS = 8.0;
    private const FOR_SPEED = ['RATE_LIMITED', 'RATE_LIMIT_EXCEEDED'];

    /** `$repeatable`: doing it twice does no harm. */
    public static function worthRepeating(RisalaException $error, bool $repeatable): bool
    {
        if ($error instanceof ConnectionFailedException) {
            return $repeatable || !$error->answerLost;
        }
        if (!$error instanceof ApiException) {
            return false;
        }
        $code = strtoupper($error->errorCode);
        return match ($error->status) {
            429 => in_array($code, self::FOR_SPEED, true),
            409 => $code === 'IDEMPOTENCY_IN_PROGRESS',
            503 => true,
            default => false,
        };
    }

    /** A Retry-After is the least; else the pause doubles, and chance spreads those that failed together. */
    public static function pauseSeconds(RisalaException $error, int $attempt): float
    {
        $told = $error instanceof ApiException ? $error->retryAfterSeconds : null;
        $chance = mt_rand() / mt_getrandmax();
        if ($told !== null) {
            return $told + $chance * min(1.0, $told / 4);
        }
        $longest = min(self::LONGEST_PAUSE_SECONDS, self::FIRST_PAUSE_SECONDS * 2 ** $attempt);
        return $longest / 2 * (1 + $chance);
    }
}
