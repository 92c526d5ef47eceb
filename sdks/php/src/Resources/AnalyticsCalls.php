<?php

// Calls of `analytics`. Drawn from the OpenAPI document; do not change by hand.

declare(strict_types=1);

namespace Risala\Resources;

use Risala\Resource;

/**
 * `$client->analytics`
 *
 * @phpstan-type AnalyticsSummary array{
 *   total: int,
 *   delivered: int,
 *   failed: int,
 *   in_progress: int,
 *   delivery_rate: int|float,
 *   segments: int,
 *   cost_eur: int|float,
 *   cost_mad: int|float,
 *   undeliverable?: int,
 *   expired?: int,
 *   cancelled?: int,
 *   refunded_eur?: int|float,
 *   refunded_mad?: int|float,
 *   ...
 * }
 * @phpstan-type AnalyticsLatency array{
 *   p50_seconds: int|float|null,
 *   p95_seconds: int|float|null,
 *   ...
 * }
 * @phpstan-type AnalyticsChannel array{
 *   total: int,
 *   delivered: int,
 *   failed: int,
 *   in_progress: int,
 *   delivery_rate: int|float,
 *   segments: int,
 *   cost_eur: int|float,
 *   cost_mad: int|float,
 *   channel?: string,
 *   undeliverable?: int,
 *   expired?: int,
 *   cancelled?: int,
 *   refunded_eur?: int|float,
 *   refunded_mad?: int|float,
 *   ...
 * }
 * @phpstan-type AnalyticsDaily array{
 *   total: int,
 *   delivered: int,
 *   failed: int,
 *   in_progress: int,
 *   delivery_rate: int|float,
 *   segments: int,
 *   cost_eur: int|float,
 *   cost_mad: int|float,
 *   date?: string,
 *   undeliverable?: int,
 *   expired?: int,
 *   cancelled?: int,
 *   refunded_eur?: int|float,
 *   refunded_mad?: int|float,
 *   ...
 * }
 * @phpstan-type AnalyticsFailure array{
 *   code: string|null,
 *   total: int,
 *   message?: string|null,
 *   retryable?: bool|null,
 *   who_pays?: string|null,
 *   ...
 * }
 * @phpstan-type AnalyticsGroup array{
 *   total: int,
 *   ...
 * }
 * @phpstan-type Analytics array{
 *   window_days: int,
 *   summary: AnalyticsSummary,
 *   latency: AnalyticsLatency,
 *   channels: list<AnalyticsChannel>,
 *   daily: list<AnalyticsDaily>,
 *   failures: list<AnalyticsFailure>,
 *   from_date?: string,
 *   to_date?: string,
 *   time_zone?: string,
 *   group_by?: string,
 *   groups?: list<AnalyticsGroup>,
 *   groups_capped?: bool,
 *   ...
 * }
 */
final class AnalyticsCalls extends Resource
{
    /**
     * Get analytics.
     * Messages by the day they were accepted, and what became of them; a few seconds behind.
     *
     * @param array{
     *   days?: int,
     *   group_by?: string,
     * } $fields
     * @return Analytics
     */
    public function get(array $fields = []): array
    {
        return $this->caller->call('GET', '/v1/analytics', $fields);
    }
}
