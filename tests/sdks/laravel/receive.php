<?php

// Hands posts from stdin to the webhook controller; shows the status of each answer and the events that were told.

declare(strict_types=1);

use Illuminate\Http\Request;
use Risala\Laravel\RisalaEvent;
use Risala\Laravel\RisalaServiceProvider;
use Risala\Laravel\RisalaWebhookController;

$app = require __DIR__ . '/application.php';
(new RisalaServiceProvider($app))->register();
$told = [];
$app->make('events')->listen(RisalaEvent::class, function (RisalaEvent $event) use (&$told): void {
    $told[] = [$event->id, $event->type, $event->payload['message_id']];
});
$controller = $app->make(RisalaWebhookController::class);
$statuses = [];
foreach (json_decode(stream_get_contents(STDIN), true) as $post) {
    $server = [];
    foreach ($post['headers'] as $name => $value) {
        $server['HTTP_' . strtoupper(str_replace('-', '_', $name))] = $value;
    }
    $request = Request::create('/risala/webhook', 'POST', [], [], [], $server, $post['body']);
    $statuses[] = $controller($request)->getStatusCode();
}
echo json_encode(['statuses' => $statuses, 'told' => $told]);
