<?php

// The usual transport. The connection is kept open for calls that may be repeated; a call that may not gets a fresh
// one, since curl would send it again when a kept connection turns out to be dead.

declare(strict_types=1);

namespace Risala\Http;

use Risala\Exception\ConnectionFailedException;

final class CurlTransport implements Transport
{
    private readonly \CurlHandle $curl;

    public function __construct(private readonly float $timeoutSeconds)
    {
        $this->curl = curl_init();
    }

    public function send(Request $request): Response
    {
        $headers = [];
        curl_reset($this->curl);
        curl_setopt_array($this->curl, [
            CURLOPT_URL => $request->url,
            CURLOPT_CUSTOMREQUEST => $request->method,
            CURLOPT_HTTPHEADER => self::lines($request->headers),
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_FOLLOWLOCATION => false,
            CURLOPT_PROTOCOLS => CURLPROTO_HTTP | CURLPROTO_HTTPS,
            CURLOPT_TIMEOUT_MS => (int) ($this->timeoutSeconds * 1000),
            CURLOPT_NOSIGNAL => true,
            CURLOPT_FRESH_CONNECT => !$request->repeatable,
            CURLOPT_HEADERFUNCTION => function (\CurlHandle $_, string $line) use (&$headers): int {
                [$name, $value] = explode(':', $line, 2) + [1 => null];
                if ($value !== null) {
                    $headers[strtolower(trim($name))] = trim($value);
                }
                return strlen($line);
            },
        ]);
        if ($request->body !== null) {
            curl_setopt($this->curl, CURLOPT_POSTFIELDS, $request->body);
        }
        $body = curl_exec($this->curl);
        if ($body === false) {
            // Before this time nothing of the request has left.
            $sent = curl_getinfo($this->curl, CURLINFO_PRETRANSFER_TIME) > 0.0;
            throw new ConnectionFailedException('no answer: ' . curl_error($this->curl), answerLost: $sent);
        }
        return new Response(curl_getinfo($this->curl, CURLINFO_RESPONSE_CODE), $headers, $body);
    }

    /**
     * @param array<string, string> $headers
     * @return list<string>
     */
    private static function lines(array $headers): array
    {
        $lines = ['Expect:'];
        foreach ($headers as $name => $value) {
            $lines[] = "$name: $value";
        }
        return $lines;
    }
}
