<?php

// 400, 405, 413, 415, 422: the request is wrong as it is.

declare(strict_types=1);

namespace Risala\Exception;

final class InvalidRequestException extends ApiException
{
}
