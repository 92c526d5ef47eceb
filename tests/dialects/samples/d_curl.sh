curl -X POST https://prosendi.com/api/sms/send \
-H "X-API-Key: your_api_key_here" \
-H "Content-Type: application/json" \
-d '{"recipient": "+22370123456", "message": "Hello World"}'
