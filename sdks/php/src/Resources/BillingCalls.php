<?php

// Calls of `billing`. Drawn from the OpenAPI document; do not change by hand.

declare(strict_types=1);

namespace Risala\Resources;

use Risala\Page;
use Risala\Resource;

/**
 * `$client->billing`
 *
 * @phpstan-type BillingBalance array{
 *   balance_mad: int|float,
 *   currency: string,
 *   plan: string,
 *   balance_eur?: int|float,
 *   ...
 * }
 * @phpstan-type Price array{
 *   plan: string,
 *   channel: string,
 *   country: string,
 *   price_eur: int|float,
 *   price_mad: int|float,
 *   ...
 * }
 * @phpstan-type Transaction array{
 *   id: string,
 *   seq: int,
 *   type: string,
 *   amount_mad: int|float,
 *   amount_eur: int|float,
 *   balance_after: int|float,
 *   currency: string,
 *   created_at: string,
 *   mad_per_eur?: int|float,
 *   reason?: string,
 *   message_id?: string,
 *   batch_id?: string,
 *   campaign_id?: string,
 *   topup_id?: string,
 *   ...
 * }
 */
final class BillingCalls extends Resource
{
    /**
     * Get the balance.
     * In both currencies, the other one at the present rate; document B knows MAD only.
     *
     * @return BillingBalance
     */
    public function balance(): array
    {
        return $this->caller->call('GET', '/v1/billing/balance');
    }

    /**
     * List plan prices.
     * One row per plan and channel, for one country or all.
     *
     * @param array{
     *   country?: string,
     * } $fields
     * @return Page<Price>
     */
    public function plans(array $fields = []): Page
    {
        return $this->caller->pages('/v1/billing/plans', $fields);
    }

    /**
     * List transactions.
     * Usage, top-ups, refunds and adjustments. `seq` has no gaps; `balance_after` can be added up again.
     *
     * @param array{
     *   cursor?: string,
     *   limit?: int,
     *   offset?: int,
     * } $fields
     * @return Page<Transaction>
     */
    public function transactions(array $fields = []): Page
    {
        return $this->caller->pages('/v1/billing/transactions', $fields);
    }
}
