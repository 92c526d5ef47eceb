<?php

// The server refused, or failed.

declare(strict_types=1);

namespace Risala\Exception;

class ApiException extends RisalaException
{
    /** The stable name, such as `INSUFFICIENT_BALANCE`. */
    public readonly string $errorCode;
    /** The field it is about. */
    public readonly ?string $param;
    public readonly ?string $docs;
    /** What to tell the operator. */
    public readonly string $requestId;

    /** `$status` is the HTTP status, `$body` the whole answer. */
    final public function __construct(
        public readonly int $status,
        public readonly mixed $body,
        string $requestId = '',
        public readonly ?int $retryAfterSeconds = null,
    ) {
        $told = is_array($body) && is_array($body['error'] ?? null) ? $body['error'] : [];
        $this->errorCode = (string) ($told['code'] ?? "HTTP_$status");
        $this->param = $told['param'] ?? null;
        $this->docs = $told['docs'] ?? null;
        $this->requestId = (string) ($told['request_id'] ?? $requestId);
        $message = $told['message'] ?? "The server answered $status.";
        parent::__construct("$this->errorCode: $message", $status);
    }

    /** The exception of the kind that the HTTP status says. */
    public static function for(int $status, mixed $body, string $requestId, ?int $retryAfterSeconds): self
    {
        $kind = match (true) {
            $status === 401 => AuthenticationException::class,
            $status === 402 => InsufficientBalanceException::class,
            $status === 403 => PermissionDeniedException::class,
            $status === 404 => NotFoundException::class,
            $status === 409 => ConflictException::class,
            $status === 429 => RateLimitedException::class,
            $status >= 500 => ServerException::class,
            default => InvalidRequestException::class,
        };
        return new $kind($status, $body, $requestId, $retryAfterSeconds);
    }
}
