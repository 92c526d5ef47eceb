<?php

// Calls of `api_keys`. Drawn from the OpenAPI document; do not change by hand.

declare(strict_types=1);

namespace Risala\Resources;

use Risala\Page;
use Risala\Resource;

/**
 * `$client->apiKeys`
 *
 * @phpstan-type ApiKey array{
 *   id: string,
 *   name: string,
 *   key_prefix: string,
 *   mode: string,
 *   compat: string,
 *   permissions: list<string>|string,
 *   ip_whitelist: list<string>,
 *   rate_limit: int,
 *   active: bool|int,
 *   last_used_at?: string|null,
 *   expires_at?: string|null,
 *   created_at?: string,
 *   ...
 * }
 * @phpstan-type NewApiKey array{
 *   id: string,
 *   name: string,
 *   key_prefix: string,
 *   api_key: string,
 *   permissions: list<string>,
 *   ip_whitelist: list<string>,
 *   rate_limit: int,
 *   warning: string,
 *   ...
 * }
 * @phpstan-type ApiKeyUpdate array{
 *   updated: bool,
 *   id: string,
 *   ...
 * }
 * @phpstan-type ApiKeyDelete array{
 *   revoked: bool,
 *   id: string,
 *   ...
 * }
 */
final class ApiKeysCalls extends Resource
{
    /**
     * Create an API key.
     * Makes a key and returns its full text, once.
     *
     * @param array{
     *   name?: string,
     *   permissions?: list<string>,
     *   ip_whitelist?: list<string>,
     *   rate_limit?: int,
     * } $fields
     * @return NewApiKey
     */
    public function create(array $fields = []): array
    {
        return $this->caller->call('POST', '/v1/api-keys', $fields);
    }

    /**
     * Revoke an API key.
     * Ends a key for good, within five seconds.
     *
     * @return ApiKeyDelete
     */
    public function delete(string $id): array
    {
        return $this->caller->call('DELETE', '/v1/api-keys/' . self::part($id));
    }

    /**
     * List API keys.
     * All keys, active or revoked, newest first; never a full key.
     *
     * @return Page<ApiKey>
     */
    public function list(): Page
    {
        return $this->caller->pages('/v1/api-keys');
    }

    /**
     * Change an API key.
     * Changes what the body names. It acts within five seconds.
     *
     * @param array{
     *   name?: string,
     *   permissions?: list<string>,
     *   ip_whitelist?: list<string>,
     *   rate_limit?: int,
     *   active?: bool,
     * } $fields
     * @return ApiKeyUpdate
     */
    public function update(string $id, array $fields = []): array
    {
        return $this->caller->call('PATCH', '/v1/api-keys/' . self::part($id), $fields);
    }
}
