<?php

// Sends a message and waits until it is delivered: `php send.php +212600000000`, with RISALA_API_KEY and RISALA_BASE_URL
// in the environment.

require __DIR__ . '/../autoload.php'; // with Composer: vendor/autoload.php

use Risala\Client;
use Risala\Exception\InsufficientBalanceException;

$client = new Client();
try {
    $sent = $client->messages->send(['to' => $argv[1], 'message' => 'Hello from PHP']);
} catch (InsufficientBalanceException $error) {
    exit("{$error->getMessage()} (request $error->requestId)\n");
}
$message = $client->messages->get($sent['id']);
for ($n = 0; $n < 60 && in_array($message['status'], ['scheduled', 'queued', 'sent'], true); $n++) {
    usleep(500_000);
    $message = $client->messages->get($sent['id']);
}
echo "{$message['id']} {$message['status']} {$message['cost']['mad']} MAD\n";
