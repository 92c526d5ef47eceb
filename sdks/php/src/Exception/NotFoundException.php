<?php

// 404: there is no such thing, or it is not yours.

declare(strict_types=1);

namespace Risala\Exception;

final class NotFoundException extends ApiException
{
}
