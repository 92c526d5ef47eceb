<?php

// Takes webhook posts: `php -S 127.0.0.1:9000 receive.php`, with the endpoint's RISALA_WEBHOOK_SECRET in the environment.

require __DIR__ . '/../autoload.php'; // with Composer: vendor/autoload.php

use Risala\Exception\SignatureException;
use Risala\Webhook;

try {
    $event = Webhook::verifySignature(
        file_get_contents('php://input'),
        $_SERVER,
        getenv('RISALA_WEBHOOK_SECRET'),
    );
    error_log("{$_SERVER['HTTP_WEBHOOK_ID']} {$event['event']} {$event['message_id']}");
    http_response_code(204);
} catch (SignatureException $error) {
    error_log("not believed: {$error->getMessage()}");
    http_response_code(401);
}
