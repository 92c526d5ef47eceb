<?php

// Calls of `health`. Drawn from the OpenAPI document; do not change by hand.

declare(strict_types=1);

namespace Risala\Resources;

use Risala\Resource;

/**
 * `$client->health`
 *
 * @phpstan-type Health array{
 *   status: string,
 *   service: string,
 *   version: string,
 *   time: string,
 *   database?: string,
 *   redis?: string,
 *   queue?: array<string, mixed>,
 *   ...
 * }
 */
final class HealthCalls extends Resource
{
    /**
     * Health check.
     *
     * @return Health
     */
    public function get(): array
    {
        return $this->caller->call('GET', '/v1/health');
    }
}
