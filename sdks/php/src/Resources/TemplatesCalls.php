<?php

// Calls of `templates`. Drawn from the OpenAPI document; do not change by hand.

declare(strict_types=1);

namespace Risala\Resources;

use Risala\Page;
use Risala\Resource;

/**
 * `$client->templates`
 *
 * @phpstan-type Template array{
 *   id: string,
 *   name: string,
 *   channel: string,
 *   category: string,
 *   language: string,
 *   status: string,
 *   version: int,
 *   body: string,
 *   variables: list<string>,
 *   approved_version: int|null,
 *   approved_body: string|null,
 *   created_at: string,
 *   reason?: string|null,
 *   provider_name?: string|null,
 *   provider_language?: string|null,
 *   provider_status?: string|null,
 *   submitted_at?: string|null,
 *   decided_at?: string|null,
 *   ...
 * }
 * @phpstan-type TemplateCreateVersion array{
 *   version: int,
 *   status: string,
 *   reason: string|null,
 *   body: string,
 *   created_at: string,
 *   submitted_at: string|null,
 *   decided_at: string|null,
 *   ...
 * }
 * @phpstan-type TemplateCreate array{
 *   id: string,
 *   name: string,
 *   channel: string,
 *   category: string,
 *   language: string,
 *   status: string,
 *   version: int,
 *   body: string,
 *   variables: list<string>,
 *   approved_version: int|null,
 *   approved_body: string|null,
 *   created_at: string,
 *   reason?: string|null,
 *   provider_name?: string|null,
 *   provider_language?: string|null,
 *   provider_status?: string|null,
 *   submitted_at?: string|null,
 *   decided_at?: string|null,
 *   versions?: list<TemplateCreateVersion>,
 *   ...
 * }
 * @phpstan-type TemplateDelete array{
 *   deleted: bool,
 *   id: string,
 *   ...
 * }
 * @phpstan-type TemplatePreview array{
 *   text: string,
 *   missing: list<string>,
 *   characters: int,
 *   too_long: bool,
 *   encoding: string,
 *   segments: int,
 *   unicode_characters: list<string>,
 *   ...
 * }
 */
final class TemplatesCalls extends Resource
{
    /**
     * Create a template.
     * A draft. `{{name}}` in the body is filled when it is sent.
     *
     * @param array{
     *   name: string,
     *   body: string,
     *   channel?: string,
     *   category?: string,
     *   language?: string,
     * } $fields
     * @return TemplateCreate
     */
    public function create(array $fields, ?string $idempotencyKey = null): array
    {
        return $this->caller->call('POST', '/v1/templates', $fields, keyed: true, idempotencyKey: $idempotencyKey);
    }

    /**
     * Delete a template.
     * It can no longer be sent, and its name is free.
     *
     * @return TemplateDelete
     */
    public function delete(string $id): array
    {
        return $this->caller->call('DELETE', '/v1/templates/' . self::part($id));
    }

    /**
     * Get a template.
     * One template, with its newest versions.
     *
     * @return TemplateCreate
     */
    public function get(string $id): array
    {
        return $this->caller->call('GET', '/v1/templates/' . self::part($id));
    }

    /**
     * List templates.
     * Newest first.
     *
     * @param array{
     *   category?: string,
     *   channel?: string,
     *   cursor?: string,
     *   limit?: int,
     *   offset?: int,
     *   q?: string,
     *   status?: string,
     * } $fields
     * @return Page<Template>
     */
    public function list(array $fields = []): Page
    {
        return $this->caller->pages('/v1/templates', $fields);
    }

    /**
     * Preview a template.
     * The newest text with these variables, and what it takes. Nothing is sent.
     *
     * @param array{
     *   variables?: array<string, mixed>,
     * } $fields
     * @return TemplatePreview
     */
    public function preview(string $id, array $fields = []): array
    {
        return $this->caller->call('POST', '/v1/templates/' . self::part($id) . '/preview', $fields);
    }

    /**
     * Submit a template.
     * Asks the operator to approve a draft.
     *
     * @return TemplateCreate
     */
    public function submit(string $id): array
    {
        return $this->caller->call('POST', '/v1/templates/' . self::part($id) . '/submit');
    }

    /**
     * Change a template.
     * A new body of a template that was submitted once waits for approval; the approved text is used meanwhile.
     *
     * @param array{
     *   name?: string,
     *   body?: string,
     *   category?: string,
     *   language?: string,
     * } $fields
     * @return TemplateCreate
     */
    public function update(string $id, array $fields = []): array
    {
        return $this->caller->call('PATCH', '/v1/templates/' . self::part($id), $fields);
    }
}
