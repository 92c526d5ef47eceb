<?php

// What goes out.

declare(strict_types=1);

namespace Risala\Http;

final class Request
{
    /**
     * `$repeatable`: doing it twice does no harm.
     *
     * @param array<string, string> $headers
     */
    public function __construct(
        public readonly string $method,
        public readonly string $url,
        public readonly array $headers,
        public readonly ?string $body,
        public readonly bool $repeatable,
    ) {
    }
}
