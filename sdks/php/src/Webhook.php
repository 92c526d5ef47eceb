<?php

// Checks that a webhook post comes from your Risala and is fresh, before anything in it is believed.

declare(strict_types=1);

namespace Risala;

use Risala\Exception\SignatureException;

final class Webhook
{
    public const TOLERANCE_SECONDS = 300;
    /** Per profile: the headers that may hold the signature of the documents, and what stands before its hex. */
    private const LEGACY = [
        'smsmaroc' => [['x-smsmaroc-signature'], 'sha256='],
        'envoisms' => [['x-envoisms.ma-signature', 'x-envoisms-signature'], 'sha256='],
        'smsprovider' => [['x-smsprovider-signature'], ''],
    ];
    private const BASE64 = '~^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$~D';

    /**
     * The event of a post that is genuine.
     *
     * `$payload` is the body exactly as it came (`file_get_contents('php://input')`). `$headers` may be those of
     * getallheaders(), of `$_SERVER`, or lists of values by name. `$secret` is the endpoint's, or several while you
     * change it; `$profile` that of the endpoint: `standard` checks `webhook-signature`, the others the header of their
     * document, which does not cover the time (then a `webhook-timestamp` is looked at, but whoever replays a post could
     * change it). `$now` is Unix seconds, for tests.
     *
     * @param array<string, mixed> $headers
     * @param string|list<string> $secret
     * @return array<string, mixed>
     * @throws SignatureException
     */
    public static function verifySignature(
        string $payload,
        array $headers,
        #[\SensitiveParameter] string|array $secret,
        string $profile = 'standard',
        int $toleranceSeconds = self::TOLERANCE_SECONDS,
        ?int $now = null,
    ): array {
        $secrets = array_values(array_filter((array) $secret, fn (string $one): bool => $one !== ''));
        if ($secrets === [] || ($profile !== 'standard' && !isset(self::LEGACY[$profile]))) {
            throw new \InvalidArgumentException($secrets === [] ? 'a secret is needed' : "unknown profile $profile");
        }
        $got = self::byName($headers);
        self::checkTime($got['webhook-timestamp'] ?? null, $toleranceSeconds, $now ?? time(), $profile);
        if ($profile === 'standard') {
            self::checkStandard($payload, $got, $secrets);
        } else {
            self::checkLegacy($payload, $got, $secrets, $profile);
        }
        $event = json_decode($payload, true);
        if (!is_array($event)) {
            throw new SignatureException('the body is signed, but is not JSON');
        }
        return $event;
    }

    /**
     * @param array<string, mixed> $headers
     * @return array<string, string>
     */
    private static function byName(array $headers): array
    {
        $got = [];
        foreach ($headers as $name => $value) {
            $plain = strtolower((string) $name);
            if (str_starts_with((string) $name, 'HTTP_')) {
                $plain = str_replace('_', '-', substr($plain, 5));
            }
            $got[$plain] = (string) (is_array($value) ? reset($value) : $value);
        }
        return $got;
    }

    private static function checkTime(?string $timestamp, int $toleranceSeconds, int $now, string $profile): void
    {
        if ($timestamp === null && $profile !== 'standard') {
            return;
        }
        if ($timestamp === null || !preg_match('~^[0-9]{1,12}$~D', $timestamp)) {
            throw new SignatureException('webhook-timestamp is missing');
        }
        if (abs($now - (int) $timestamp) > $toleranceSeconds) {
            throw new SignatureException('the post is too old, or from the future');
        }
    }

    /**
     * @param array<string, string> $got
     * @param list<string> $secrets
     */
    private static function checkStandard(string $body, array $got, array $secrets): void
    {
        $signed = ($got['webhook-id'] ?? '') . '.' . $got['webhook-timestamp'] . '.' . $body;
        $given = [];
        foreach (explode(' ', $got['webhook-signature'] ?? '') as $part) {
            if (str_starts_with($part, 'v1,')) {
                $given[] = substr($part, 3);
            }
        }
        $expected = array_map(
            fn (string $one): string => base64_encode(hash_hmac('sha256', $signed, self::standardKey($one), true)),
            $secrets,
        );
        if (!self::anyEqual($given, $expected)) {
            throw new SignatureException('webhook-signature is not of this body and secret');
        }
    }

    /**
     * @param array<string, string> $got
     * @param list<string> $secrets
     */
    private static function checkLegacy(string $body, array $got, array $secrets, string $profile): void
    {
        [$names, $prefix] = self::LEGACY[$profile];
        $given = array_values(array_intersect_key($got, array_flip($names)));
        $expected = array_map(fn (string $one): string => $prefix . hash_hmac('sha256', $body, $one), $secrets);
        if (!self::anyEqual($given, $expected)) {
            throw new SignatureException("$names[0] is not of this body and secret");
        }
    }

    /** What the base64 after `whsec_` stands for; for a secret of your own that is no base64, its bytes. */
    private static function standardKey(string $secret): string
    {
        $text = str_starts_with($secret, 'whsec_') ? substr($secret, 6) : $secret;
        return $text !== '' && preg_match(self::BASE64, $text) ? base64_decode($text, true) : $secret;
    }

    /**
     * Whether any pair is equal; each is compared, in constant time.
     *
     * @param list<string> $given
     * @param list<string> $expected
     */
    private static function anyEqual(array $given, array $expected): bool
    {
        $found = false;
        foreach ($given as $one) {
            foreach ($expected as $other) {
                $found = hash_equals($other, $one) || $found;
            }
        }
        return $found;
    }
}
