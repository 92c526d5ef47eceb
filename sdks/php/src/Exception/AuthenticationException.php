<?php

// 401: no key, a wrong one, or one that may not be used from this address.

declare(strict_types=1);

namespace Risala\Exception;

final class AuthenticationException extends ApiException
{
}
