"""The peer views: an answer that never changes (how fast server and load generator are), and what a plain Django REST
Framework project would write to take a message: look the key up, insert a row, commit."""

import hashlib
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.ids import new_id
from accounts.models import ApiKey

TABLE = """
CREATE TABLE IF NOT EXISTS benchmark_plain (
  id uuid PRIMARY KEY, account_id uuid NOT NULL, recipient text NOT NULL, body text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now())
"""
INSERT = "INSERT INTO benchmark_plain (id, account_id, recipient, body) VALUES (%s, %s, %s, %s)"


class Plain(APIView):
    """One message, stored."""

    authentication_classes = ()
    permission_classes = ()

    def post(self, request: Request) -> Response:
        """SELECT the key, INSERT the message, COMMIT."""
        text = request.META["HTTP_AUTHORIZATION"].partition(" ")[2]
        key = ApiKey.objects.select_related("account").get(digest=hashlib.sha256(text.encode()).digest())
        message_id = new_id()
        asked: dict[str, Any] = dict(request.data)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(INSERT, [message_id, key.account_id, asked["to"], asked["message"]])
        return Response({"id": str(message_id), "status": "queued"}, status=202)


def static(request: HttpRequest) -> HttpResponse:
    """Nothing but an answer of the usual size."""
    return HttpResponse(b"x" * 400, content_type="text/plain")


urlpatterns = [path("plain", Plain.as_view()), path("static", static)]
