curl -X POST https://api.smsmaroc.ma/v1/messages \
-H "Authorization: Bearer smr_live_xxx" \
-H "Content-Type: application/json" \
-d '{
"to": "+212612345678",
"message": "Votre code est 483921",
"from": "MonApp"
}'
