<?php

// Calls of `verify`. Drawn from the OpenAPI document; do not change by hand.

declare(strict_types=1);

namespace Risala\Resources;

use Risala\Resource;

/**
 * `$client->verify`
 *
 * @phpstan-type VerificationCheck array{
 *   session_id: string,
 *   verified: bool,
 *   verified_at: string,
 *   ...
 * }
 * @phpstan-type NumberLookup array{
 *   valid: bool,
 *   number: string,
 *   country_code: string|null,
 *   carrier: string|null,
 *   line_type: string,
 *   ported: string,
 *   local_format?: string|null,
 *   international_format?: string|null,
 *   country_prefix?: string|null,
 *   country_name?: string|null,
 *   location?: string|null,
 *   ...
 * }
 * @phpstan-type NewVerification array{
 *   session_id: string,
 *   message_id: string,
 *   to: string,
 *   channel: string,
 *   expires_at: string,
 *   status: string,
 *   sandbox_code?: string,
 *   ...
 * }
 * @phpstan-type Verification array{
 *   id: string,
 *   to: string,
 *   channel: string,
 *   status: string,
 *   expires_at: string,
 *   verified_at: string|null,
 *   created_at: string,
 *   session_id?: string,
 *   message_id?: string,
 *   attempts?: int,
 *   max_attempts?: int,
 *   ...
 * }
 */
final class VerifyCalls extends Resource
{
    /**
     * Check a one-time code.
     * Right once, within three tries.
     *
     * @param array{
     *   session_id: string,
     *   code: string,
     * } $fields
     * @return VerificationCheck
     */
    public function check(array $fields): array
    {
        return $this->caller->call('POST', '/v1/verify/check', $fields);
    }

    /**
     * Look a number up.
     * Free of charge, and offline: allocation, not portability.
     *
     * @param array{
     *   number: string,
     *   country_code?: string,
     * } $fields
     * @return NumberLookup
     */
    public function lookup(array $fields): array
    {
        return $this->caller->call('POST', '/v1/verify/lookup', $fields);
    }

    /**
     * Send a one-time code.
     * Sends a new code; an older one to the same number is good for nothing from then on.
     *
     * @param array{
     *   to: string,
     *   channel?: string,
     *   code_length?: int,
     *   expiry?: int,
     *   brand?: string,
     *   template?: string,
     *   language?: string,
     *   domain?: string,
     *   otp_button_text?: string,
     *   end_user_ip?: string,
     * } $fields
     * @return NewVerification
     */
    public function send(array $fields, ?string $idempotencyKey = null): array
    {
        return $this->caller->call('POST', '/v1/verify/send', $fields, keyed: true, idempotencyKey: $idempotencyKey);
    }

    /**
     * Get a verification session.
     * Its state, never its code.
     *
     * @return Verification
     */
    public function status(string $id): array
    {
        return $this->caller->call('GET', '/v1/verify/' . self::part($id));
    }
}
