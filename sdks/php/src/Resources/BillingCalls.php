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
 *   held?: int|float,
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
 * @phpstan-type TopUpDue array{
 *   amount: int|float,
 *   currency: string,
 *   ...
 * }
 * @phpstan-type TopUpTransfer array{
 *   reference: string,
 *   account_holder?: string,
 *   bank?: string,
 *   rib?: string,
 *   iban?: string,
 *   bic?: string,
 *   ...
 * }
 * @phpstan-type TopUp array{
 *   id: string,
 *   status: string,
 *   amount_eur: int|float,
 *   amount_mad: int|float,
 *   checkout_url: string,
 *   mode?: string,
 *   payment_method?: string,
 *   payment_url?: string|null,
 *   currency?: string,
 *   due?: TopUpDue,
 *   booked_amount?: int|float|null,
 *   failure?: string|null,
 *   transfer?: TopUpTransfer,
 *   created_at?: string,
 *   expires_at?: string|null,
 *   paid_at?: string|null,
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
     * In both currencies, the other one at the present rate; document B knows MAD only. `held` is set aside for
     * campaigns, in the account's currency, and not part of the balance; absent if nothing is.
     *
     * @return BillingBalance
     */
    public function balance(): array
    {
        return $this->caller->call('GET', '/v1/billing/balance');
    }

    /**
     * Create a top-up.
     * A pending top-up; send the payer to `checkout_url`. The balance grows when the bank says that it was paid.
     *
     * @param array{
     *   amount_eur?: int|float,
     *   amount_mad?: int|float,
     *   payment_method?: string,
     * } $fields
     * @return TopUp
     */
    public function createTopup(array $fields = [], ?string $idempotencyKey = null): array
    {
        return $this->caller->call('POST', '/v1/billing/topups', $fields, keyed: true, idempotencyKey: $idempotencyKey);
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
     * Get a top-up.
     * Its `status` is `pending`, `paid` or `failed`; a payment that comes after `failed` still makes it `paid`.
     *
     * @return TopUp
     */
    public function topup(string $id): array
    {
        return $this->caller->call('GET', '/v1/billing/topups/' . self::part($id));
    }

    /**
     * List top-ups.
     * Newest first, those that an operator booked included.
     *
     * @param array{
     *   cursor?: string,
     *   limit?: int,
     *   offset?: int,
     * } $fields
     * @return Page<TopUp>
     */
    public function topups(array $fields = []): Page
    {
        return $this->caller->pages('/v1/billing/topups', $fields);
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
