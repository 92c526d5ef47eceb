<?php

// Puts one client into the container, and lets notifications go out through 'risala'.

declare(strict_types=1);

namespace Risala\Laravel;

use Illuminate\Notifications\ChannelManager;
use Illuminate\Support\ServiceProvider;
use Risala\Client;

final class RisalaServiceProvider extends ServiceProvider
{
    public function register(): void
    {
        $this->mergeConfigFrom(__DIR__ . '/../config/risala.php', 'risala');
        $this->app->singleton(Client::class, fn ($app): Client => new Client(
            $app['config']['risala.key'],
            $app['config']['risala.base_url'],
        ));
        $this->app->bind(RisalaChannel::class, fn ($app): RisalaChannel => new RisalaChannel(
            $app->make(Client::class),
            $app['config']['risala.from'],
        ));
        $this->app->resolving(ChannelManager::class, function (ChannelManager $channels): void {
            $channels->extend('risala', fn ($app): RisalaChannel => $app->make(RisalaChannel::class));
        });
    }

    public function boot(): void
    {
        $this->publishes([__DIR__ . '/../config/risala.php' => $this->app->configPath('risala.php')], 'risala');
    }
}
