<?php

// 500 and above.

declare(strict_types=1);

namespace Risala\Exception;

final class ServerException extends ApiException
{
}
