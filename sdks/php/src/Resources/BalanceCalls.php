<?php

// Calls of `balance`. Drawn from the OpenAPI document; do not change by hand.

declare(strict_types=1);

namespace Risala\Resources;

use Risala\Resource;

/**
 * `$client->balance`
 *
 * @phpstan-type Balance array{
 *   balance_mad: int|float,
 *   currency: string,
 *   plan: string,
 *   balance_eur?: int|float,
 *   held?: int|float,
 *   ...
 * }
 */
final class BalanceCalls extends Resource
{
    /**
     * Get the balance.
     * In both currencies, the other one at the present rate; document B knows MAD only. `held` is set aside for
     * campaigns, in the account's currency, and not part of the balance; absent if nothing is.
     *
     * @return Balance
     */
    public function get(): array
    {
        return $this->caller->call('GET', '/v1/balance');
    }
}
