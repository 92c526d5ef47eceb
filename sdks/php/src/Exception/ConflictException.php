<?php

// 409: the state does not allow it, or the Idempotency-Key was used with another body.

declare(strict_types=1);

namespace Risala\Exception;

final class ConflictException extends ApiException
{
}
