<?php

// The least of a Laravel application that the snippets need, from Debian's packages of Laravel's components.

declare(strict_types=1);

use Illuminate\Config\Repository;
use Illuminate\Container\Container;
use Illuminate\Events\Dispatcher;
use Illuminate\Support\Facades\Facade;
use Illuminate\Support\Facades\Http;

error_reporting(E_ALL & ~E_DEPRECATED); // these components are older than this PHP
foreach (['Http', 'Notifications', 'Events', 'Config'] as $component) {
    require "Illuminate/$component/autoload.php";
}
require 'GuzzleHttp/autoload.php';
require 'PhpOption/autoload.php';
require 'Dotenv/autoload.php';
require __DIR__ . '/../../../sdks/php/autoload.php';
spl_autoload_register(static function (string $class): void {
    if (str_starts_with($class, 'Risala\\Laravel\\')) {
        require __DIR__ . '/../../../sdks/laravel/src/' . substr($class, 15) . '.php';
    }
});
class_alias(Http::class, 'Http');

function config(string $name): mixed
{
    return Container::getInstance()->make('config')->get($name);
}

final class Application extends Container
{
    public function configurationIsCached(): bool
    {
        return false;
    }

    public function configPath(string $path = ''): string
    {
        return "/nowhere/config/$path";
    }
}

$app = new Application();
Container::setInstance($app);
Facade::setFacadeApplication($app);
$app->instance('config', new Repository(['services' => ['envoisms' => ['key' => getenv('RISALA_API_KEY')]]]));
$app->alias('config', Illuminate\Contracts\Config\Repository::class);
$app->instance(Illuminate\Contracts\Container\Container::class, $app);
$app->singleton(Illuminate\Contracts\Events\Dispatcher::class, fn () => new Dispatcher($app));
$app->alias(Illuminate\Contracts\Events\Dispatcher::class, 'events');
return $app;
