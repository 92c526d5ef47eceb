<?php

// No answer came.

declare(strict_types=1);

namespace Risala\Exception;

final class ConnectionFailedException extends RisalaException
{
    /** `$answerLost`: the request may have reached the server and been done. */
    public function __construct(string $message, public readonly bool $answerLost, ?\Throwable $previous = null)
    {
        parent::__construct($message, 0, $previous);
    }
}
