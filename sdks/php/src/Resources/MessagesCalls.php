<?php

// Calls of `messages`. Drawn from the OpenAPI document; do not change by hand.

declare(strict_types=1);

namespace Risala\Resources;

use Risala\Page;
use Risala\Resource;

/**
 * `$client->messages`
 *
 * @phpstan-type MessageCost array{
 *   eur: int|float,
 *   mad: int|float,
 *   ...
 * }
 * @phpstan-type Message array{
 *   id: string,
 *   message_id: string,
 *   to: string,
 *   channel: string,
 *   body: string,
 *   status: string,
 *   segments: int,
 *   created_at: string,
 *   account_id?: string,
 *   api_key_id?: string|null,
 *   campaign_id?: string|null,
 *   batch_id?: string|null,
 *   from?: string,
 *   sender_id?: string,
 *   cascade?: bool,
 *   message?: string,
 *   confirmed?: bool,
 *   error_code?: string|null,
 *   encoding?: string,
 *   unicode?: int,
 *   cost?: MessageCost,
 *   cost_eur?: int|float,
 *   cost_mad?: int|float,
 *   refunded?: bool,
 *   metadata?: array<string, mixed>|string|null,
 *   scheduled_at?: string|null,
 *   sent_at?: string|null,
 *   delivered_at?: string|null,
 *   final_at?: string|null,
 *   ...
 * }
 * @phpstan-type AcceptedMessage array{
 *   success: bool,
 *   id: string|null,
 *   message_id: string|null,
 *   status: string,
 *   to?: string,
 *   from?: string,
 *   channel?: string,
 *   cascade?: bool,
 *   cost?: MessageCost,
 *   segments?: int,
 *   encoding?: string,
 *   unicode_characters?: list<string>,
 *   credits_used?: int,
 *   credits_remaining?: int|null,
 *   created_at?: string,
 *   scheduled_at?: string,
 *   truncated?: bool,
 *   duplicate_suspected?: bool,
 *   ...
 * }
 * @phpstan-type AcceptedBatchMessageError array{
 *   code?: string,
 *   message?: string,
 *   ...
 * }
 * @phpstan-type AcceptedBatchMessage array{
 *   id: string|null,
 *   to: string,
 *   status: string,
 *   duplicate_suspected?: bool,
 *   error?: AcceptedBatchMessageError,
 *   ...
 * }
 * @phpstan-type AcceptedBatch array{
 *   success: bool,
 *   batch_id: string,
 *   total: int,
 *   accepted: int,
 *   rejected: int,
 *   estimated_cost: MessageCost,
 *   messages: list<AcceptedBatchMessage>,
 *   id?: string|null,
 *   message_id?: string|null,
 *   channel?: string,
 *   status?: string,
 *   cost?: MessageCost,
 *   segments?: int,
 *   credits_used?: int,
 *   credits_remaining?: int|null,
 *   created_at?: string,
 *   ...
 * }
 * @phpstan-type MessageInputMessage array{
 *   to: string,
 *   message?: string,
 *   variables?: array<string, mixed>,
 *   metadata?: array<string, mixed>,
 *   from?: string,
 * }
 * @phpstan-type MessageError array{
 *   code: string,
 *   message: string|null,
 *   advice: string|null,
 *   retryable: bool|null,
 *   who_pays: string|null,
 *   carrier_code: string|null,
 *   ...
 * }
 * @phpstan-type MessageTimeline array{
 *   at: string,
 *   event: string,
 *   ...
 * }
 * @phpstan-type MessageDetail array{
 *   id: string,
 *   message_id: string,
 *   to: string,
 *   channel: string,
 *   body: string,
 *   status: string,
 *   segments: int,
 *   created_at: string,
 *   account_id?: string,
 *   api_key_id?: string|null,
 *   campaign_id?: string|null,
 *   batch_id?: string|null,
 *   from?: string,
 *   sender_id?: string,
 *   cascade?: bool,
 *   message?: string,
 *   confirmed?: bool,
 *   error_code?: string|null,
 *   encoding?: string,
 *   unicode?: int,
 *   cost?: MessageCost,
 *   cost_eur?: int|float,
 *   cost_mad?: int|float,
 *   refunded?: bool,
 *   metadata?: array<string, mixed>|string|null,
 *   scheduled_at?: string|null,
 *   sent_at?: string|null,
 *   delivered_at?: string|null,
 *   final_at?: string|null,
 *   upstream_id?: string|null,
 *   error?: MessageError|null,
 *   timeline?: list<MessageTimeline>,
 *   ...
 * }
 */
final class MessagesCalls extends Resource
{
    /**
     * Send a batch.
     * Queues up to 10,000 messages. Refused as a whole when the balance is short.
     *
     * @param array{
     *   messages: list<MessageInputMessage>,
     *   template_id?: string,
     *   variables?: array<string, mixed>,
     *   from?: string,
     *   channel?: string,
     *   scheduled_at?: string,
     *   atomic?: bool,
     * } $fields
     * @return AcceptedBatch
     */
    public function bulk(array $fields, ?string $idempotencyKey = null): array
    {
        return $this->caller->call('POST', '/v1/messages/bulk', $fields, keyed: true, idempotencyKey: $idempotencyKey);
    }

    /**
     * Cancel a message.
     * Stops a message that is not yet with a carrier, and gives its price back.
     *
     * @return MessageDetail
     */
    public function cancel(string $id): array
    {
        return $this->caller->call('POST', '/v1/messages/' . self::part($id) . '/cancel');
    }

    /**
     * Get a message.
     * One message with everything that happened to it.
     *
     * @return MessageDetail
     */
    public function get(string $id): array
    {
        return $this->caller->call('GET', '/v1/messages/' . self::part($id));
    }

    /**
     * List messages.
     * Newest first.
     *
     * @param array{
     *   channel?: string,
     *   cursor?: string,
     *   from_date?: string,
     *   limit?: int,
     *   offset?: int,
     *   status?: string,
     *   to?: string,
     *   to_date?: string,
     * } $fields
     * @return Page<Message>
     */
    public function list(array $fields = []): Page
    {
        return $this->caller->pages('/v1/messages', $fields);
    }

    /**
     * Send a message.
     * Queues one message, or the same text to a list of numbers.
     *
     * @param array{
     *   to: string|list<string>,
     *   message: string,
     *   template_id?: string,
     *   variables?: array<string, mixed>,
     *   from?: string,
     *   channel?: string,
     *   cascade?: bool,
     *   metadata?: array<string, mixed>,
     *   buttons?: list<array<string, mixed>>,
     *   scheduled_at?: string,
     *   callback_url?: string,
     *   truncate?: bool,
     * } $fields
     * @return AcceptedMessage|AcceptedBatch
     */
    public function send(array $fields, ?string $idempotencyKey = null): array
    {
        return $this->caller->call('POST', '/v1/messages', $fields, keyed: true, idempotencyKey: $idempotencyKey);
    }
}
