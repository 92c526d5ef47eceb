<?php

// Calls of `sandbox`. Drawn from the OpenAPI document; do not change by hand.

declare(strict_types=1);

namespace Risala\Resources;

use Risala\Resource;

/**
 * `$client->sandbox`
 *
 * @phpstan-type SandboxInbound array{
 *   accepted: bool,
 *   ...
 * }
 */
final class SandboxCalls extends Resource
{
    /**
     * Play an inbound message.
     * For test keys: as if somebody wrote this to a number of the account. Keywords count, webhooks are told.
     *
     * @param array{
     *   from: string,
     *   to: string,
     *   text: string,
     *   channel?: string,
     * } $fields
     * @return SandboxInbound
     */
    public function inbound(array $fields): array
    {
        return $this->caller->call('POST', '/v1/sandbox/inbound', $fields);
    }
}
