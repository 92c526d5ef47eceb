<?php

// Calls of `optouts`. Drawn from the OpenAPI document; do not change by hand.

declare(strict_types=1);

namespace Risala\Resources;

use Risala\Page;
use Risala\Resource;

/**
 * `$client->optouts`
 *
 * @phpstan-type OptOut array{
 *   phone: string,
 *   opted_out_at: string,
 *   source: string,
 *   ...
 * }
 * @phpstan-type OptOutCreate array{
 *   phone: string,
 *   opted_out: bool,
 *   ...
 * }
 */
final class OptoutsCalls extends Resource
{
    /**
     * Create an opt-out.
     * From now on nothing is sent to the number, not even what waits already. The contact with this number shows
     * it.
     *
     * @param array{
     *   phone: string,
     * } $fields
     * @return OptOutCreate
     */
    public function create(array $fields): array
    {
        return $this->caller->call('POST', '/v1/optouts', $fields);
    }

    /**
     * Remove an opt-out.
     * The number may be written to again. Harmless to repeat.
     *
     * @return OptOutCreate
     */
    public function delete(string $phone): array
    {
        return $this->caller->call('DELETE', '/v1/optouts/' . self::part($phone));
    }

    /**
     * List opt-outs.
     * Newest first, however they came about.
     *
     * @param array{
     *   cursor?: string,
     *   limit?: int,
     *   offset?: int,
     * } $fields
     * @return Page<OptOut>
     */
    public function list(array $fields = []): Page
    {
        return $this->caller->pages('/v1/optouts', $fields);
    }
}
