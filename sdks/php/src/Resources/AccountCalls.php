<?php

// Calls of `account`. Drawn from the OpenAPI document; do not change by hand.

declare(strict_types=1);

namespace Risala\Resources;

use Risala\Resource;

/**
 * `$client->account`
 *
 * @phpstan-type Account array{
 *   success: bool,
 *   id: string,
 *   name: string,
 *   plan: string,
 *   currency: string,
 *   country: string,
 *   language: string,
 *   time_zone: string,
 *   channels: list<string>,
 *   mode: string,
 *   status?: string,
 *   allowed_countries?: list<string>,
 *   default_sender?: string,
 *   permissions?: list<string>,
 *   rate_limit?: int,
 *   balance_mad?: int|float,
 *   balance_eur?: int|float,
 *   credits_remaining?: int|null,
 *   ...
 * }
 */
final class AccountCalls extends Resource
{
    /**
     * Get the account.
     * The account and what this key may do; its money only for a key that may see it.
     *
     * @return Account
     */
    public function get(): array
    {
        return $this->caller->call('GET', '/v1/account');
    }
}
