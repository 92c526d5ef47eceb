<?php

// Calls of `campaigns`. Drawn from the OpenAPI document; do not change by hand.

declare(strict_types=1);

namespace Risala\Resources;

use Risala\Page;
use Risala\Resource;

/**
 * `$client->campaigns`
 *
 * @phpstan-type Campaign array{
 *   id: string,
 *   number: int,
 *   name: string,
 *   channel: string,
 *   list_id: string|null,
 *   template_id: string|null,
 *   body: string|null,
 *   sender_id: string|null,
 *   buttons: list<array<string, mixed>>|null,
 *   metadata: array<string, mixed>|null,
 *   status: string,
 *   reason: string|null,
 *   reason_detail: string|null,
 *   scheduled_at: string|null,
 *   started_at: string|null,
 *   ended_at: string|null,
 *   created_at: string,
 *   total_count: int,
 *   ...
 * }
 * @phpstan-type CampaignCost array{
 *   eur: int|float,
 *   mad: int|float,
 *   ...
 * }
 * @phpstan-type CampaignDetail array{
 *   id: string,
 *   number: int,
 *   name: string,
 *   channel: string,
 *   list_id: string|null,
 *   template_id: string|null,
 *   body: string|null,
 *   sender_id: string|null,
 *   buttons: list<array<string, mixed>>|null,
 *   metadata: array<string, mixed>|null,
 *   status: string,
 *   reason: string|null,
 *   reason_detail: string|null,
 *   scheduled_at: string|null,
 *   started_at: string|null,
 *   ended_at: string|null,
 *   created_at: string,
 *   total_count: int,
 *   sent_count: int,
 *   queued: int,
 *   delivered: int,
 *   undeliverable: int,
 *   failed: int,
 *   expired: int,
 *   cancelled: int,
 *   pending: int,
 *   skipped: int,
 *   skipped_by_reason: array<string, mixed>,
 *   segments: int,
 *   cost: CampaignCost,
 *   held: int|float,
 *   charged: int|float,
 *   refunded: int|float,
 *   rate: int|float|null,
 *   eta: string|null,
 *   ...
 * }
 * @phpstan-type CampaignDelete array{
 *   deleted: bool,
 *   id: string,
 *   ...
 * }
 * @phpstan-type CampaignEstimate array{
 *   id: string,
 *   total: int,
 *   recipients: int,
 *   skipped: int,
 *   skipped_by_reason: array<string, mixed>,
 *   segments: int,
 *   cost: CampaignCost,
 *   balance_after: int|float,
 *   affordable: bool,
 *   exact: bool,
 *   ...
 * }
 * @phpstan-type CampaignRecipients array{
 *   number: int,
 *   phone: string,
 *   status: string,
 *   reason: string|null,
 *   message_id: string|null,
 *   segments: int,
 *   variables: array<string, mixed>|null,
 *   ...
 * }
 * @phpstan-type CampaignSend array{
 *   id: string,
 *   queued: int,
 *   total: int,
 *   status: string,
 *   number: int,
 *   skipped: int,
 *   preparing: bool,
 *   segments: int,
 *   cost: CampaignCost,
 *   ...
 * }
 */
final class CampaignsCalls extends Resource
{
    /**
     * Cancel a campaign.
     * What no carrier has yet is cancelled and refunded, and the rest of the held money is released.
     *
     * @return CampaignDetail
     */
    public function cancel(string $id): array
    {
        return $this->caller->call('POST', '/v1/campaigns/' . self::part($id) . '/cancel');
    }

    /**
     * Create a campaign.
     * A draft; with `scheduled_at` it is sent at that time by itself.
     *
     * @param array{
     *   name: string,
     *   channel?: string,
     *   list_id?: string|null,
     *   template_id?: string|null,
     *   body?: string,
     *   sender_id?: string,
     *   scheduled_at?: string|null,
     *   buttons?: list<array<string, mixed>>|null,
     *   metadata?: array<string, mixed>|null,
     * } $fields
     * @return Campaign
     */
    public function create(array $fields, ?string $idempotencyKey = null): array
    {
        return $this->caller->call('POST', '/v1/campaigns', $fields, keyed: true, idempotencyKey: $idempotencyKey);
    }

    /**
     * Delete a campaign.
     * Only what was never sent.
     *
     * @return CampaignDelete
     */
    public function delete(string $id): array
    {
        return $this->caller->call('DELETE', '/v1/campaigns/' . self::part($id));
    }

    /**
     * Estimate a campaign.
     * What sending it now would cost, and whom it would skip; nothing is written.
     *
     * @return CampaignEstimate
     */
    public function estimate(string $id): array
    {
        return $this->caller->call('POST', '/v1/campaigns/' . self::part($id) . '/estimate');
    }

    /**
     * Get a campaign.
     * One campaign and its counters, which are sums over its messages.
     *
     * @return CampaignDetail
     */
    public function get(string $id): array
    {
        return $this->caller->call('GET', '/v1/campaigns/' . self::part($id));
    }

    /**
     * List campaigns.
     * Newest first. Counters are in the single campaign.
     *
     * @param array{
     *   cursor?: string,
     *   limit?: int,
     *   offset?: int,
     *   status?: string,
     * } $fields
     * @return Page<Campaign>
     */
    public function list(array $fields = []): Page
    {
        return $this->caller->pages('/v1/campaigns', $fields);
    }

    /**
     * Pause a campaign.
     * From the answer on, nothing more is given to carriers.
     *
     * @return CampaignDetail
     */
    public function pause(string $id): array
    {
        return $this->caller->call('POST', '/v1/campaigns/' . self::part($id) . '/pause');
    }

    /**
     * List the recipients of a campaign.
     * Those who were frozen when sending began, last first, each with what became of the message.
     *
     * @param array{
     *   cursor?: string,
     *   limit?: int,
     *   offset?: int,
     *   skipped?: bool,
     * } $fields
     * @return Page<CampaignRecipients>
     */
    public function recipients(string $id, array $fields = []): Page
    {
        return $this->caller->pages('/v1/campaigns/' . self::part($id) . '/recipients', $fields);
    }

    /**
     * Resume a campaign.
     * Goes on where it was paused; nobody gets it twice.
     *
     * @return CampaignDetail
     */
    public function resume(string $id): array
    {
        return $this->caller->call('POST', '/v1/campaigns/' . self::part($id) . '/resume');
    }

    /**
     * Send a campaign.
     * Sends to all members of the list who have not opted out; the money for all of them is held first, or nothing
     * is sent. A second time is 409 INVALID_STATE.
     *
     * @return CampaignSend
     */
    public function send(string $id, ?string $idempotencyKey = null): array
    {
        return $this->caller->call('POST', '/v1/campaigns/' . self::part($id) . '/send', keyed: true, idempotencyKey: $idempotencyKey);
    }

    /**
     * Change a campaign.
     * Changes what the body names, until the campaign is sent. `scheduled_at: null` makes it a draft again.
     *
     * @param array{
     *   name?: string,
     *   channel?: string,
     *   list_id?: string|null,
     *   template_id?: string|null,
     *   body?: string,
     *   sender_id?: string,
     *   scheduled_at?: string|null,
     *   buttons?: list<array<string, mixed>>|null,
     *   metadata?: array<string, mixed>|null,
     * } $fields
     * @return CampaignDetail
     */
    public function update(string $id, array $fields = []): array
    {
        return $this->caller->call('PATCH', '/v1/campaigns/' . self::part($id), $fields);
    }
}
