<?php

// Calls that belong together.

declare(strict_types=1);

namespace Risala;

abstract class Resource
{
    public function __construct(protected readonly Caller $caller)
    {
    }

    /** A value as one part of a path; an empty one would name another path. */
    protected static function part(string $value): string
    {
        if ($value === '') {
            throw new \InvalidArgumentException('an id is needed, not an empty text');
        }
        return rawurlencode($value);
    }
}
