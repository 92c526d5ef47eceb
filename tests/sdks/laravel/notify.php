<?php

// Sends one notification through the channel, twice as a queue would after a crash, and shows both answers.

declare(strict_types=1);

use Illuminate\Notifications\ChannelManager;
use Illuminate\Notifications\Notifiable;
use Illuminate\Notifications\Notification;
use Risala\Laravel\RisalaMessage;
use Risala\Laravel\RisalaServiceProvider;

$app = require __DIR__ . '/application.php';
$provider = new RisalaServiceProvider($app);
$provider->register();
$provider->boot();

final class Customer
{
    use Notifiable;

    public function routeNotificationForRisala(): string
    {
        return '+212600000000';
    }
}

final class OrderShipped extends Notification
{
    public function via(object $notifiable): array
    {
        return ['risala'];
    }

    public function toRisala(object $notifiable): RisalaMessage
    {
        return new RisalaMessage('Your order is on its way.', more: ['metadata' => ['order' => 'A-17']]);
    }
}

$shipped = new OrderShipped();
$shipped->id = '0d5f8a4e-1111-4222-8333-000000000001';
$manager = $app->make(ChannelManager::class);
$answers = [];
for ($try = 0; $try < 2; $try++) {
    $answers[] = $manager->driver('risala')->send(new Customer(), $shipped);
}
echo json_encode($answers);
