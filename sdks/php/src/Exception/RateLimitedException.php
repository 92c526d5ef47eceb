<?php

// 429: too fast, or too many tries.

declare(strict_types=1);

namespace Risala\Exception;

final class RateLimitedException extends ApiException
{
}
