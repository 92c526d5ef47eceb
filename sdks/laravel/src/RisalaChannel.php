<?php

// The notification channel. The notifiable says its number in routeNotificationFor('risala'), the notification its text
// in toRisala().

declare(strict_types=1);

namespace Risala\Laravel;

use Illuminate\Notifications\Notification;
use Risala\Client;

final class RisalaChannel
{
    public function __construct(private readonly Client $client, private readonly ?string $from = null)
    {
    }

    /**
     * The answer of `messages.send`, null when the notifiable has no number. A notification that a queue repeats goes
     * out once: its id is the Idempotency-Key, with the number, since one notification may go to many.
     *
     * @return array<string, mixed>|null
     * @throws \Risala\Exception\RisalaException
     */
    public function send(object $notifiable, Notification $notification): ?array
    {
        $to = $notifiable->routeNotificationFor('risala', $notification);
        if (!$to) {
            return null;
        }
        $message = $notification->toRisala($notifiable);
        $message = $message instanceof RisalaMessage ? $message : new RisalaMessage((string) $message);
        $from = $message->from ?? $this->from;
        $fields = ['to' => $to, 'message' => $message->text] + ($from ? ['from' => $from] : []) + $message->more;
        $key = $notification->id ? "notification-$notification->id-" . sha1((string) $to) : null;
        return $this->client->messages->send($fields, $key);
    }
}
