<?php
$apiKey = 'your_api_key_here';
$baseUrl = 'https://prosendi.com/api';
$ch = curl_init($baseUrl . '/sms/send');
curl_setopt($ch, CURLOPT_RETURNTRANSFER, true);
curl_setopt($ch, CURLOPT_POST, true);
curl_setopt($ch, CURLOPT_HTTPHEADER, ['X-API-Key: ' . $apiKey,'Content-Type: application/json']);
curl_setopt($ch, CURLOPT_POSTFIELDS, json_encode(['recipient' => '+22370123456','message' => 'Hello from PHP!']));
$response = curl_exec($ch);
curl_close($ch);
echo $response;
