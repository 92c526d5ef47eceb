<?php

// Takes webhook posts: checks the signature over the raw body, then dispatches RisalaEvent. Let queued listeners do the
// work: Risala waits ten seconds for the answer.
//
//     Route::post('/risala/webhook', RisalaWebhookController::class);   // in routes/api.php: no CSRF token there

declare(strict_types=1);

namespace Risala\Laravel;

use Illuminate\Contracts\Config\Repository;
use Illuminate\Contracts\Events\Dispatcher;
use Illuminate\Http\Request;
use Illuminate\Http\Response;
use Risala\Exception\SignatureException;
use Risala\Webhook;

final class RisalaWebhookController
{
    public function __construct(private readonly Repository $config, private readonly Dispatcher $events)
    {
    }

    public function __invoke(Request $request): Response
    {
        $secrets = array_map('trim', explode(',', (string) $this->config->get('risala.webhook.secret')));
        $profile = (string) $this->config->get('risala.webhook.profile', 'standard');
        try {
            $payload = Webhook::verifySignature($request->getContent(), $request->headers->all(), $secrets, $profile);
        } catch (SignatureException) {
            return new Response('', 401);
        }
        $id = (string) $request->headers->get('webhook-id', '');
        $this->events->dispatch(new RisalaEvent($id, (string) $payload['event'], $payload));
        return new Response('', 204);
    }
}
