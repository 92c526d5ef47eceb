<?php

// Sends one request, once.

declare(strict_types=1);

namespace Risala\Http;

use Risala\Exception\ConnectionFailedException;

interface Transport
{
    /** @throws ConnectionFailedException when no answer came */
    public function send(Request $request): Response;
}
