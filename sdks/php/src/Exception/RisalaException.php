<?php

// Anything this library throws.

declare(strict_types=1);

namespace Risala\Exception;

class RisalaException extends \RuntimeException
{
}
