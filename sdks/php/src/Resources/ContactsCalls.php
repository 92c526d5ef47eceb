<?php

// Calls of `contacts`. Drawn from the OpenAPI document; do not change by hand.

declare(strict_types=1);

namespace Risala\Resources;

use Risala\Page;
use Risala\Resource;

/**
 * `$client->contacts`
 *
 * @phpstan-type Contact array{
 *   id: string,
 *   phone: string,
 *   name: string|null,
 *   email: string|null,
 *   custom1: string|null,
 *   custom2: string|null,
 *   custom3: string|null,
 *   opted_out: bool,
 *   created_at: string,
 *   ...
 * }
 * @phpstan-type ContactInputCustomFields array{
 *   custom1?: string|null,
 *   custom2?: string|null,
 *   custom3?: string|null,
 * }
 * @phpstan-type ContactInputContact array{
 *   phone?: string,
 *   name?: string|null,
 *   email?: string|null,
 *   custom_fields?: ContactInputCustomFields|null,
 * }
 * @phpstan-type ContactImportError array{
 *   index: int,
 *   reason: string,
 *   message: string,
 *   ...
 * }
 * @phpstan-type ContactImport array{
 *   imported: int,
 *   skipped: int,
 *   errors?: list<ContactImportError>,
 *   ...
 * }
 * @phpstan-type ContactDetail array{
 *   id: string,
 *   phone: string,
 *   name: string|null,
 *   email: string|null,
 *   custom1: string|null,
 *   custom2: string|null,
 *   custom3: string|null,
 *   opted_out: bool,
 *   created_at: string,
 *   list_ids: list<string>,
 *   ...
 * }
 * @phpstan-type ContactDelete array{
 *   deleted: bool,
 *   id: string,
 *   ...
 * }
 */
final class ContactsCalls extends Resource
{
    /**
     * Create or update a contact.
     * One contact per number: a known one is completed by what the body gives. `""` empties a field.
     *
     * @param array{
     *   phone: string,
     *   name?: string|null,
     *   email?: string|null,
     *   custom_fields?: ContactInputCustomFields|null,
     *   list_id?: string|null,
     * } $fields
     * @return Contact
     */
    public function create(array $fields): array
    {
        return $this->caller->call('POST', '/v1/contacts', $fields);
    }

    /**
     * Delete a contact.
     * Deletes a contact for good. An opt-out of its number stays.
     *
     * @return ContactDelete
     */
    public function delete(string $id): array
    {
        return $this->caller->call('DELETE', '/v1/contacts/' . self::part($id));
    }

    /**
     * Get a contact.
     * One contact, with the lists it is in.
     *
     * @return ContactDetail
     */
    public function get(string $id): array
    {
        return $this->caller->call('GET', '/v1/contacts/' . self::part($id));
    }

    /**
     * Import contacts.
     * Up to 5,000 at once, into a list if one is named. An item that is wrong is skipped alone.
     *
     * @param array{
     *   contacts: list<ContactInputContact>,
     *   list_id?: string|null,
     * } $fields
     * @return ContactImport
     */
    public function importMany(array $fields, ?string $idempotencyKey = null): array
    {
        return $this->caller->call('POST', '/v1/contacts/import', $fields, keyed: true, idempotencyKey: $idempotencyKey);
    }

    /**
     * List contacts.
     * Newest first, all of them or those that `q` and `list_id` leave.
     *
     * @param array{
     *   cursor?: string,
     *   limit?: int,
     *   list_id?: string,
     *   offset?: int,
     *   q?: string,
     * } $fields
     * @return Page<Contact>
     */
    public function list(array $fields = []): Page
    {
        return $this->caller->pages('/v1/contacts', $fields);
    }

    /**
     * Change a contact.
     * Changes what the body names; null or `""` empties a field. The number stays: it is whom the contact is.
     *
     * @param array{
     *   name?: string|null,
     *   email?: string|null,
     *   custom_fields?: ContactInputCustomFields|null,
     *   list_id?: string|null,
     * } $fields
     * @return ContactDetail
     */
    public function update(string $id, array $fields = []): array
    {
        return $this->caller->call('PATCH', '/v1/contacts/' . self::part($id), $fields);
    }
}
