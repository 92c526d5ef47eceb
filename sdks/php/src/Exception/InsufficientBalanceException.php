<?php

// 402: not enough money; nothing was booked.

declare(strict_types=1);

namespace Risala\Exception;

final class InsufficientBalanceException extends ApiException
{
}
