<?php

// Dispatched for every webhook post that is genuine. `$id` is the same when a post is repeated.

declare(strict_types=1);

namespace Risala\Laravel;

final class RisalaEvent
{
    /** @param array<string, mixed> $payload */
    public function __construct(
        public readonly string $id,
        public readonly string $type,
        public readonly array $payload,
    ) {
    }
}
