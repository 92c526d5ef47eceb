<?php

// What came back. Header names are in lower case.

declare(strict_types=1);

namespace Risala\Http;

final class Response
{
    /** @param array<string, string> $headers */
    public function __construct(
        public readonly int $status,
        public readonly array $headers,
        public readonly string $body,
    ) {
    }
}
