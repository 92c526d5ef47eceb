<?php

// A webhook post that is not to be trusted: forged, changed, too old, or without the headers.

declare(strict_types=1);

namespace Risala\Exception;

final class SignatureException extends RisalaException
{
}
