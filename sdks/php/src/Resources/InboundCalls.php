<?php

// Calls of `inbound`. Drawn from the OpenAPI document; do not change by hand.

declare(strict_types=1);

namespace Risala\Resources;

use Risala\Page;
use Risala\Resource;

/**
 * `$client->inbound`
 *
 * @phpstan-type Inbound array{
 *   id: string,
 *   from: string,
 *   to: string,
 *   channel: string,
 *   text: string,
 *   status: string,
 *   parts: int,
 *   parts_missing: int,
 *   keyword: string|null,
 *   effect: string|null,
 *   reply_to: string|null,
 *   received_at: string,
 *   ...
 * }
 */
final class InboundCalls extends Resource
{
    /**
     * Get an inbound message.
     * One inbound message.
     *
     * @return Inbound
     */
    public function get(string $id): array
    {
        return $this->caller->call('GET', '/v1/inbound/' . self::part($id));
    }

    /**
     * List inbound messages.
     * Newest first.
     *
     * @param array{
     *   channel?: string,
     *   cursor?: string,
     *   from?: string,
     *   from_date?: string,
     *   keyword?: string,
     *   limit?: int,
     *   offset?: int,
     *   to?: string,
     *   to_date?: string,
     * } $fields
     * @return Page<Inbound>
     */
    public function list(array $fields = []): Page
    {
        return $this->caller->pages('/v1/inbound', $fields);
    }
}
