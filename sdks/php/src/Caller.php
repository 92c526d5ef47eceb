<?php

// What the drawn calls stand on: the way to the server.

declare(strict_types=1);

namespace Risala;

interface Caller
{
    /**
     * One call; what the answer's JSON holds, a string for another type.
     *
     * `$keyed`: the call takes an Idempotency-Key; one is made when none is given.
     *
     * @param array<string, mixed> $fields
     * @throws Exception\RisalaException
     */
    public function call(
        string $method,
        string $path,
        array $fields = [],
        bool $keyed = false,
        ?string $idempotencyKey = null,
    ): mixed;

    /**
     * The first page of a list.
     *
     * @param array<string, mixed> $fields
     * @return Page<mixed>
     * @throws Exception\RisalaException
     */
    public function pages(string $path, array $fields = []): Page;
}
