<?php

// Sends a code and asks for it: `php one_time_code.php +212612345678`. With a test key the code is in the answer.

require __DIR__ . '/../autoload.php'; // with Composer: vendor/autoload.php

use Risala\Client;
use Risala\Exception\ApiException;

$client = new Client();
$session = $client->verify->send(['to' => $argv[1], 'code_length' => 6, 'brand' => 'Atlas']);
$code = $session['sandbox_code'] ?? trim((string) fgets(STDIN));
try {
    $client->verify->check(['session_id' => $session['session_id'], 'code' => $code]);
    echo "verified\n";
} catch (ApiException $error) {
    echo "refused: $error->errorCode\n";
}
