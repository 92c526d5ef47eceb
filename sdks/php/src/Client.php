<?php

// The client: holds the key and the address, makes calls, repeats what may be repeated.

declare(strict_types=1);

namespace Risala;

use Risala\Exception\ApiException;
use Risala\Exception\RisalaException;
use Risala\Http\CurlTransport;
use Risala\Http\Request;
use Risala\Http\Response;
use Risala\Http\Transport;
use Risala\Resources\Resources;

final class Client extends Resources implements Caller
{
    public const VERSION = '0.1.0';

    private readonly string $key;
    private readonly string $root;
    private readonly Transport $transport;

    /**
     * `$apiKey` and `$baseUrl`: default the environment's RISALA_API_KEY and RISALA_BASE_URL. `$timeoutSeconds` is for
     * one attempt, `$retries` how often a call is made again at most; a Retry-After longer than `$longestWaitSeconds`
     * is not waited for, the exception is thrown.
     *
     * @throws \InvalidArgumentException for a missing key or address
     */
    public function __construct(
        #[\SensitiveParameter] ?string $apiKey = null,
        ?string $baseUrl = null,
        float $timeoutSeconds = 30.0,
        private readonly int $retries = 3,
        private readonly float $longestWaitSeconds = 60.0,
        ?Transport $transport = null,
    ) {
        $this->key = $apiKey ?: (string) getenv('RISALA_API_KEY');
        $address = rtrim($baseUrl ?: (string) getenv('RISALA_BASE_URL'), '/');
        if ($this->key === '' || !preg_match('~^https?://~i', $address)) {
            throw new \InvalidArgumentException('apiKey and baseUrl (https://…) are needed');
        }
        $this->root = preg_replace('~/v1$~', '', $address);
        $this->transport = $transport ?? new CurlTransport($timeoutSeconds);
        parent::__construct($this);
    }

    public function call(
        string $method,
        string $path,
        array $fields = [],
        bool $keyed = false,
        ?string $idempotencyKey = null,
    ): mixed {
        $headers = [
            'Authorization' => "Bearer $this->key",
            'Accept' => 'application/json',
            'User-Agent' => 'risala-php/' . self::VERSION,
        ];
        $url = $this->root . $path;
        $body = null;
        if ($method === 'GET') {
            $asked = array_map(fn ($value) => is_bool($value) ? ($value ? 'true' : 'false') : $value, $fields);
            $query = http_build_query($asked, '', '&', PHP_QUERY_RFC3986);
            $url .= $query === '' ? '' : "?$query";
        } elseif ($fields !== []) {
            $headers['Content-Type'] = 'application/json';
            $flags = JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES;
            $body = json_encode($fields, $flags);
        }
        if ($keyed) {
            $headers['Idempotency-Key'] = $idempotencyKey ?? bin2hex(random_bytes(16));
        }
        return $this->patiently(new Request($method, $url, $headers, $body, $keyed || $method === 'GET'));
    }

    public function pages(string $path, array $fields = []): Page
    {
        return new Page($this, $path, $fields, $this->call('GET', $path, $fields));
    }

    private function patiently(Request $request): mixed
    {
        for ($attempt = 0; ; $attempt++) {
            try {
                return self::answer($this->transport->send($request));
            } catch (RisalaException $error) {
                if ($attempt >= $this->retries || !Patience::worthRepeating($error, $request->repeatable)) {
                    throw $error;
                }
                $pause = Patience::pauseSeconds($error, $attempt);
                if ($pause > $this->longestWaitSeconds) {
                    throw $error;
                }
            }
            usleep((int) ($pause * 1_000_000));
        }
    }

    /** What a response holds. */
    private static function answer(Response $response): mixed
    {
        $isJson = str_contains($response->headers['content-type'] ?? '', 'json');
        $body = $isJson ? json_decode($response->body, true) : $response->body;
        if ($response->status >= 200 && $response->status < 300 && $body !== null) {
            return $body;
        }
        $told = $response->headers['retry-after'] ?? '';
        throw ApiException::for(
            $response->status,
            $body,
            $response->headers['x-request-id'] ?? '',
            ctype_digit($told) ? (int) $told : null,
        );
    }
}
