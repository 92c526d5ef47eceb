<?php

// What a notification's toRisala() returns when it wants more than a text.

declare(strict_types=1);

namespace Risala\Laravel;

final class RisalaMessage
{
    /**
     * `$from` is the sender id; `$more` are further fields of `messages.send`, such as `channel` or `metadata`.
     *
     * @param array<string, mixed> $more
     */
    public function __construct(
        public readonly string $text,
        public readonly ?string $from = null,
        public readonly array $more = [],
    ) {
    }
}
