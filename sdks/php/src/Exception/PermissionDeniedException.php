<?php

// 403: this key, account, sender or destination may not.

declare(strict_types=1);

namespace Risala\Exception;

final class PermissionDeniedException extends ApiException
{
}
