<?php

// Calls of `webhooks`. Drawn from the OpenAPI document; do not change by hand.

declare(strict_types=1);

namespace Risala\Resources;

use Risala\Page;
use Risala\Resource;

/**
 * `$client->webhooks`
 *
 * @phpstan-type Webhook array{
 *   id: string,
 *   url: string,
 *   events: list<string>|string,
 *   profile: string,
 *   active: bool|int,
 *   last_triggered_at: string|null,
 *   last_status: int|null,
 *   created_at: string,
 *   disabled_reason?: string|null,
 *   failing_since?: string|null,
 *   ...
 * }
 * @phpstan-type NewWebhook array{
 *   id: string,
 *   url: string,
 *   events: list<string>,
 *   secret: string,
 *   active: bool,
 *   profile: string,
 *   created_at: string,
 *   ...
 * }
 * @phpstan-type WebhookUpdate array{
 *   updated: bool,
 *   id: string,
 *   ...
 * }
 * @phpstan-type WebhookDelete array{
 *   deleted: bool,
 *   id: string,
 *   ...
 * }
 * @phpstan-type Delivery array{
 *   event_id: string,
 *   event: string,
 *   message_id: string|null,
 *   state: string,
 *   attempts: int,
 *   next_at: string|null,
 *   last_status: int|null,
 *   last_error: string|null,
 *   created_at?: string,
 *   done_at?: string|null,
 *   ...
 * }
 * @phpstan-type DeliveryDetailAttemptLog array{
 *   number: int,
 *   started_at: string,
 *   latency_ms: int,
 *   status: int|null,
 *   error: string|null,
 *   answer: string,
 *   ...
 * }
 * @phpstan-type DeliveryDetail array{
 *   event_id: string,
 *   event: string,
 *   message_id: string|null,
 *   state: string,
 *   attempts: int,
 *   next_at: string|null,
 *   last_status: int|null,
 *   last_error: string|null,
 *   attempt_log: list<DeliveryDetailAttemptLog>,
 *   created_at?: string,
 *   done_at?: string|null,
 *   ...
 * }
 * @phpstan-type WebhookReplayDelivery array{
 *   queued: bool,
 *   id: string,
 *   event_id: string,
 *   ...
 * }
 * @phpstan-type WebhookReplay array{
 *   queued: int,
 *   id: string,
 *   next_since: string|null,
 *   ...
 * }
 * @phpstan-type NewSecret array{
 *   id: string,
 *   secret: string,
 *   former_valid_until: string,
 *   ...
 * }
 */
final class WebhooksCalls extends Resource
{
    /**
     * Create a webhook.
     * Registers an HTTPS address. The secret is generated unless given, and shown this once.
     *
     * @param array{
     *   url: string,
     *   events?: list<string>,
     *   secret?: string,
     *   profile?: string,
     *   active?: bool,
     * } $fields
     * @return NewWebhook
     */
    public function create(array $fields): array
    {
        return $this->caller->call('POST', '/v1/webhooks', $fields);
    }

    /**
     * Delete a webhook.
     * Switches a webhook off; nothing more is posted to it.
     *
     * @return WebhookDelete
     */
    public function delete(string $id): array
    {
        return $this->caller->call('DELETE', '/v1/webhooks/' . self::part($id));
    }

    /**
     * List deliveries.
     * The last thirty days, newest first.
     *
     * @param array{
     *   cursor?: string,
     *   limit?: int,
     *   offset?: int,
     *   state?: string,
     * } $fields
     * @return Page<Delivery>
     */
    public function deliveries(string $id, array $fields = []): Page
    {
        return $this->caller->pages('/v1/webhooks/' . self::part($id) . '/deliveries', $fields);
    }

    /**
     * Get a delivery.
     * One delivery with each of its attempts and the beginning of the receiver's answers.
     *
     * @return DeliveryDetail
     */
    public function delivery(string $id, string $eventId): array
    {
        return $this->caller->call('GET', '/v1/webhooks/' . self::part($id) . '/deliveries/' . self::part($eventId));
    }

    /**
     * Get a webhook.
     * One webhook, without its secret.
     *
     * @return Webhook
     */
    public function get(string $id): array
    {
        return $this->caller->call('GET', '/v1/webhooks/' . self::part($id));
    }

    /**
     * List webhooks.
     * All webhooks, active or not, newest first; never a secret.
     *
     * @return Page<Webhook>
     */
    public function list(): Page
    {
        return $this->caller->pages('/v1/webhooks');
    }

    /**
     * Replay events.
     * Posts again every event since an instant that the webhook subscribes to, also those of a time when it was
     * switched off. Receivers know repeated events by `webhook-id`.
     *
     * @param array{
     *   since: string,
     * } $fields
     * @return WebhookReplay
     */
    public function replay(string $id, array $fields): array
    {
        return $this->caller->call('POST', '/v1/webhooks/' . self::part($id) . '/replay', $fields);
    }

    /**
     * Replay one event.
     * Posts one event again.
     *
     * @return WebhookReplayDelivery
     */
    public function replayDelivery(string $id, string $eventId): array
    {
        return $this->caller->call('POST', '/v1/webhooks/' . self::part($id) . '/deliveries/' . self::part($eventId) . '/replay');
    }

    /**
     * Rotate a webhook's secret.
     * Gives a new secret, shown this once. `webhook-signature` is made with both for a day.
     *
     * @param array{
     *   secret?: string,
     * } $fields
     * @return NewSecret
     */
    public function rotate(string $id, array $fields = []): array
    {
        return $this->caller->call('POST', '/v1/webhooks/' . self::part($id) . '/rotate', $fields);
    }

    /**
     * Test a webhook.
     * Posts a `message.test` event to the webhook, signed like any other.
     *
     * @return WebhookReplayDelivery
     */
    public function test(string $id): array
    {
        return $this->caller->call('POST', '/v1/webhooks/' . self::part($id) . '/test');
    }

    /**
     * Change a webhook.
     * Changes what the body names. Switching it on again forgets its failures.
     *
     * @param array{
     *   url?: string,
     *   events?: list<string>,
     *   profile?: string,
     *   active?: bool,
     * } $fields
     * @return WebhookUpdate
     */
    public function update(string $id, array $fields = []): array
    {
        return $this->caller->call('PATCH', '/v1/webhooks/' . self::part($id), $fields);
    }
}
