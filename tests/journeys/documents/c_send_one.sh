curl -X POST https://api.smsprovider.com/v1/messages \
-H "Authorization: Bearer YOUR_API_KEY" \
-H "Content-Type: application/json" \
-d '{
"to": "+1234567890",
"message": "Hello from SMS Provider!",
"from": "YourBrand"
}'
