<?php

// For those who bring their own PSR-18 client (Guzzle, Symfony …) with its PSR-17 factories. Needs psr/http-client and
// psr/http-factory, which this library itself does not.

declare(strict_types=1);

namespace Risala\Http;

use Psr\Http\Client\ClientExceptionInterface;
use Psr\Http\Client\ClientInterface;
use Psr\Http\Message\RequestFactoryInterface;
use Psr\Http\Message\StreamFactoryInterface;
use Risala\Exception\ConnectionFailedException;

final class Psr18Transport implements Transport
{
    public function __construct(
        private readonly ClientInterface $client,
        private readonly RequestFactoryInterface $requests,
        private readonly StreamFactoryInterface $streams,
    ) {
    }

    public function send(Request $request): Response
    {
        $made = $this->requests->createRequest($request->method, $request->url);
        foreach ($request->headers as $name => $value) {
            $made = $made->withHeader($name, $value);
        }
        if ($request->body !== null) {
            $made = $made->withBody($this->streams->createStream($request->body));
        }
        try {
            $answer = $this->client->sendRequest($made);
        } catch (ClientExceptionInterface $error) {
            // PSR-18 does not tell a connection that failed from an answer that was lost.
            throw new ConnectionFailedException('no answer: ' . $error->getMessage(), answerLost: true, previous: $error);
        }
        $headers = [];
        foreach ($answer->getHeaders() as $name => $values) {
            $headers[strtolower((string) $name)] = implode(', ', $values);
        }
        return new Response($answer->getStatusCode(), $headers, (string) $answer->getBody());
    }
}
