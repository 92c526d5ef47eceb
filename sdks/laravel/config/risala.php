<?php

// Where your Risala is, and what you may do there. `php artisan vendor:publish --tag=risala` copies this file.

return [
    'key' => env('RISALA_API_KEY'),
    'base_url' => env('RISALA_BASE_URL'),
    'from' => env('RISALA_FROM'), // sender id; the account's default without it
    'webhook' => [
        // Several, separated by commas, while one is changed.
        'secret' => env('RISALA_WEBHOOK_SECRET'),
        'profile' => env('RISALA_WEBHOOK_PROFILE', 'standard'),
    ],
];
