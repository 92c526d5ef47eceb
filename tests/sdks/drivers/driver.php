<?php

// Drives the PHP library; see README.md.

declare(strict_types=1);

error_reporting(E_ALL);
set_error_handler(fn (int $level, string $text) => throw new \ErrorException($text, 0, $level));
require __DIR__ . '/../../../sdks/php/autoload.php';

use Risala\Client;
use Risala\Exception\RisalaException;
use Risala\Page;
use Risala\Webhook;

function camel(string $name): string
{
    return lcfirst(str_replace('_', '', ucwords($name, '_')));
}

function called(Client $client, array $task): mixed
{
    [$resource, $method] = array_map(camel(...), explode('.', $task['name']));
    $given = $task['parts'] ?? [];
    if (isset($task['fields'])) {
        $given[] = $task['fields'];
    }
    if (isset($task['idempotency_key'])) {
        $given['idempotencyKey'] = $task['idempotency_key'];
    }
    return $client->$resource->$method(...$given);
}

function perform(array $task): mixed
{
    static $client;
    switch ($task['do']) {
        case 'client':
            $client = new Client($task['api_key'], $task['base_url'], 5.0, $task['retries'] ?? 3);
            return Client::VERSION;
        case 'verify':
            $given = [base64_decode($task['payload']), $task['headers'], $task['secret'], $task['profile']];
            return Webhook::verifySignature(...$given, now: $task['now'] ?? null);
        case 'all':
            return iterator_to_array(called($client, $task), false);
    }
    $answer = called($client, $task);
    if ($answer instanceof Page) {
        return ['data' => $answer->data, 'total' => $answer->total, 'next_cursor' => $answer->nextCursor];
    }
    return $answer;
}

while (($line = fgets(STDIN)) !== false) {
    try {
        $answer = ['ok' => perform(json_decode($line, true))];
    } catch (RisalaException $error) {
        $answer = ['error' => [
            'kind' => str_replace('Exception', 'Error', (new ReflectionClass($error))->getShortName()),
            'code' => $error->errorCode ?? null,
            'status' => $error->status ?? null,
            'param' => $error->param ?? null,
            'docs' => $error->docs ?? null,
            'request_id' => $error->requestId ?? null,
            'retry_after_seconds' => $error->retryAfterSeconds ?? null,
            'answer_lost' => $error->answerLost ?? null,
        ]];
    }
    echo json_encode($answer, JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR), "\n";
}
