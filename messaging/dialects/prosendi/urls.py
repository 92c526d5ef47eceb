"""The addresses of document D, under `/api/sms/`."""

from django.urls import path

from accounts.api.lean import by_method
from messaging.dialects.prosendi import sending, showing

urlpatterns = [
    path("send", by_method(post=sending.send)),
    path("send-bulk", by_method(post=sending.send_bulk)),
    path("status/<str:sms_id>", by_method(get=showing.status)),
    path("sims/available", by_method(get=showing.available)),
    path("test-connection", by_method(get=showing.test_connection)),
]
