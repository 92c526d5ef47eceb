<?php

// Calls of `lists`. Drawn from the OpenAPI document; do not change by hand.

declare(strict_types=1);

namespace Risala\Resources;

use Risala\Page;
use Risala\Resource;

/**
 * `$client->lists`
 *
 * @phpstan-type ContactList array{
 *   id: string,
 *   name: string,
 *   description: string|null,
 *   count: int,
 *   created_at: string,
 *   ...
 * }
 */
final class ListsCalls extends Resource
{
    /**
     * Create a contact list.
     * A new, empty list.
     *
     * @param array{
     *   name: string,
     *   description?: string|null,
     * } $fields
     * @return ContactList
     */
    public function create(array $fields, ?string $idempotencyKey = null): array
    {
        return $this->caller->call('POST', '/v1/contacts/lists', $fields, keyed: true, idempotencyKey: $idempotencyKey);
    }

    /**
     * Get a contact list.
     * One list.
     *
     * @return ContactList
     */
    public function get(string $id): array
    {
        return $this->caller->call('GET', '/v1/contacts/lists/' . self::part($id));
    }

    /**
     * List contact lists.
     * All of them, newest first; `count` is of their members.
     *
     * @return Page<ContactList>
     */
    public function list(): Page
    {
        return $this->caller->pages('/v1/contacts/lists');
    }
}
