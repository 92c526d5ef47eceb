"""Every error of the API, in one table: its HTTP status and its sentence in three languages; and the one
envelope in which they go out, renamed for the dialect of the key (contract of the API, 2.2 rows 1 and 2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import psycopg
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.db import InternalError as DatabaseInternalError
from django.http import Http404, HttpRequest, HttpResponse
from rest_framework import exceptions as drf

from accounts.api.codes import shown
from accounts.api.rendering import answer
from accounts.api.visit import visit
from accounts.refusals import Code, Refused
from config.api.outage import outage
from messaging.dialects import massejli, prosendi


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a code means: HTTP status, and a sentence per language for when the rule gave none."""

    status: int
    en: str
    fr: str
    ar: str


M = Meaning
TABLE: Mapping[Code, Meaning] = {
    Code.INVALID_JSON: M(
        400,
        "The body is not valid JSON.",
        "Le corps n'est pas du JSON valide.",
        "محتوى الطلب ليس JSON صالحًا.",
    ),
    Code.MISSING_FIELD: M(
        400, "A required field is missing.", "Un champ obligatoire manque.", "حقل إلزامي مفقود."
    ),
    Code.INVALID_FIELD: M(
        400, "A field has a wrong value.", "Un champ a une valeur incorrecte.", "قيمة أحد الحقول غير صحيحة."
    ),
    Code.CONFLICTING_FIELDS: M(
        400, "Two fields contradict each other.", "Deux champs se contredisent.", "حقلان متعارضان."
    ),
    Code.INVALID_PHONE: M(
        400,
        "The number must be a mobile number in E.164 form, for example +212612345678.",
        "Le numéro doit être un mobile au format E.164, par exemple +212612345678.",
        "يجب أن يكون الرقم هاتفًا محمولًا بصيغة E.164، مثل +212612345678.",
    ),
    Code.INVALID_CHANNEL: M(
        400,
        "channel must be sms, whatsapp or telegram.",
        "channel doit être sms, whatsapp ou telegram.",
        "يجب أن تكون القناة sms أو whatsapp أو telegram.",
    ),
    Code.MESSAGE_TOO_LONG: M(
        400,
        "The text is longer than 1600 characters.",
        "Le texte dépasse 1600 caractères.",
        "النص أطول من 1600 حرف.",
    ),
    Code.TOO_MANY_MESSAGES: M(
        400,
        "A batch holds at most 10,000 messages.",
        "Un lot contient au plus 10 000 messages.",
        "الدفعة تضم 10000 رسالة على الأكثر.",
    ),
    Code.TOO_MANY_CONTACTS: M(
        400,
        "Too many contacts: an import holds 5,000, a campaign of documents A and B 10,000.",
        "Trop de contacts : 5 000 par import, 10 000 par campagne des documents A et B.",
        "جهات اتصال كثيرة: 5000 في الاستيراد، و10000 في حملة المستندين A وB.",
    ),
    Code.UNAUTHORIZED: M(
        401,
        "The API key is missing, malformed, revoked, inactive or not allowed from this address.",
        "La clé API est absente, mal formée, révoquée, inactive ou non autorisée depuis cette adresse.",
        "مفتاح API مفقود أو غير صالح أو ملغى أو غير نشط أو غير مسموح به من هذا العنوان.",
    ),
    Code.INSUFFICIENT_BALANCE: M(
        402, "The balance is too low.", "Le solde est insuffisant.", "الرصيد غير كافٍ."
    ),
    Code.FORBIDDEN: M(
        403, "The API key may not do this.", "La clé API n'a pas ce droit.", "مفتاح API لا يملك هذه الصلاحية."
    ),
    Code.ACCOUNT_INACTIVE: M(403, "The account is suspended.", "Le compte est suspendu.", "الحساب معلّق."),
    Code.CHANNEL_NOT_ALLOWED: M(
        403,
        "The channel is not enabled for the account.",
        "Le canal n'est pas activé sur le compte.",
        "القناة غير مفعّلة لهذا الحساب.",
    ),
    Code.COUNTRY_NOT_ALLOWED: M(
        403,
        "The account may not send to this country.",
        "Le compte ne peut pas envoyer vers ce pays.",
        "لا يمكن للحساب الإرسال إلى هذا البلد.",
    ),
    Code.SENDER_NOT_APPROVED: M(
        403, "The sender id is not approved.", "L'expéditeur n'est pas approuvé.", "اسم المرسل غير معتمد."
    ),
    Code.OPTED_OUT: M(
        403, "The recipient opted out.", "Le destinataire s'est désabonné.", "المستلم ألغى اشتراكه."
    ),
    Code.TEMPLATE_NOT_APPROVED: M(
        403, "The template is not approved.", "Le modèle n'est pas approuvé.", "القالب غير معتمد."
    ),
    Code.QUOTA_EXCEEDED: M(429, "The quota is used up.", "Le quota est épuisé.", "تم استنفاد الحصة."),
    Code.NOT_FOUND: M(404, "The resource does not exist.", "La ressource n'existe pas.", "المورد غير موجود."),
    Code.SESSION_NOT_FOUND: M(
        404,
        "The verification session does not exist or has ended.",
        "La session de vérification n'existe pas ou est terminée.",
        "جلسة التحقق غير موجودة أو انتهت.",
    ),
    Code.TEMPLATE_NOT_FOUND: M(
        404, "The template does not exist.", "Le modèle n'existe pas.", "القالب غير موجود."
    ),
    Code.METHOD_NOT_ALLOWED: M(
        405,
        "The method is not allowed here.",
        "La méthode n'est pas permise ici.",
        "الطريقة غير مسموح بها هنا.",
    ),
    Code.IDEMPOTENCY_CONFLICT: M(
        409,
        "The Idempotency-Key was used with another body.",
        "La clé Idempotency-Key a servi avec un autre corps.",
        "استُخدم مفتاح Idempotency-Key مع محتوى آخر.",
    ),
    Code.IDEMPOTENCY_IN_PROGRESS: M(
        409,
        "The first request with this Idempotency-Key is still running.",
        "La première requête avec cette Idempotency-Key est en cours.",
        "الطلب الأول بهذا المفتاح لا يزال قيد التنفيذ.",
    ),
    Code.INVALID_STATE: M(
        409,
        "Its present state does not allow this.",
        "Son état actuel ne le permet pas.",
        "حالته الحالية لا تسمح بذلك.",
    ),
    Code.PAYLOAD_TOO_LARGE: M(
        413, "The body is too large.", "Le corps est trop volumineux.", "محتوى الطلب كبير جدًا."
    ),
    Code.UNSUPPORTED_MEDIA_TYPE: M(
        415,
        "Send the body as application/json.",
        "Envoyez le corps en application/json.",
        "أرسل المحتوى بصيغة application/json.",
    ),
    Code.CHANNEL_NOT_CONFIGURED: M(
        422,
        "The channel is not configured here.",
        "Le canal n'est pas configuré ici.",
        "القناة غير مهيأة هنا.",
    ),
    Code.PAYMENT_METHOD_NOT_CONFIGURED: M(
        422,
        "The payment method is not configured here.",
        "Le moyen de paiement n'est pas configuré ici.",
        "وسيلة الدفع غير مهيأة هنا.",
    ),
    Code.NO_PRICE: M(
        422,
        "There is no price for this destination.",
        "Il n'y a pas de tarif pour cette destination.",
        "لا يوجد سعر لهذه الوجهة.",
    ),
    Code.NO_ROUTE: M(
        422,
        "There is no route to this destination.",
        "Il n'y a pas de route vers cette destination.",
        "لا يوجد مسار إلى هذه الوجهة.",
    ),
    Code.INVALID_CODE: M(422, "The code is wrong.", "Le code est incorrect.", "الرمز غير صحيح."),
    Code.MAX_ATTEMPTS: M(
        429,
        "The session reached its number of failed checks.",
        "La session a atteint le nombre d'essais permis.",
        "بلغت الجلسة الحد الأقصى من المحاولات.",
    ),
    Code.RESEND_COOLDOWN: M(
        429,
        "A code was sent a moment ago: wait before the next.",
        "Un code vient d'être envoyé : attendez avant le suivant.",
        "أُرسل رمز منذ قليل: انتظر قبل طلب رمز آخر.",
    ),
    Code.RATE_LIMITED: M(429, "Too many requests.", "Trop de requêtes.", "طلبات كثيرة جدًا."),
    Code.INTERNAL_ERROR: M(
        500,
        "Something went wrong on our side. Tell us the request_id.",
        "Une erreur est survenue de notre côté. Indiquez-nous le request_id.",
        "حدث خطأ من جانبنا. زوّدنا بقيمة request_id.",
    ),
    Code.SERVICE_UNAVAILABLE: M(
        503,
        "The service is not available for a moment. Try again.",
        "Le service est momentanément indisponible. Réessayez.",
        "الخدمة غير متاحة مؤقتًا. حاول مرة أخرى.",
    ),
}
RETRY_AFTER_SECONDS = {Code.RATE_LIMITED: 1, Code.IDEMPOTENCY_IN_PROGRESS: 1, Code.SERVICE_UNAVAILABLE: 5}
MOUNTS: tuple[tuple[str, Callable[[Refused], HttpResponse]], ...] = (
    ("/api/sms", prosendi.refusal),
    ("/api/v1", massejli.refusal),
)
"""The dialects that have addresses of their own, and how each says no."""
UNAVAILABLE_STATES = {"25P03", "25P04", "25006", "57P01", "57P02", "57P03"}
"""SQLSTATEs outside Django's OperationalError that mean "not now": time-outs, a read-only standby, a
shutdown."""


def sentence(code: Code, language: str) -> str:
    """The table's sentence of a code in `en`, `fr` or `ar`."""
    meaning = TABLE[code]
    return {"fr": meaning.fr, "ar": meaning.ar}.get(language, meaning.en)


def envelope(refused: Refused, request: HttpRequest) -> HttpResponse:
    """The answer to a refused request, in the form of the dialect that has the address. The sentence is the rule's own,
    or the table's in French or Arabic if that is the first language the client accepts."""
    for mount, refusal in MOUNTS:
        if request.path_info == mount or request.path_info.startswith(mount + "/"):
            return _with_headers(refusal(refused), refused)
    seen = visit(request)
    code, spelled = shown(refused.code, seen.compat)
    language = request.META.get("HTTP_ACCEPT_LANGUAGE", "en")[:2].lower()
    foreign = language in ("fr", "ar")
    error: dict[str, Any] = {
        "code": spelled,
        "message": sentence(code, language) if foreign or not refused.detail else refused.detail,
        "docs": f"{settings.BRAND_DOCS_URL}/errors#{code.value.lower()}",
    }
    if refused.param is not None:
        error["param"] = refused.param
    error["request_id"] = seen.request_id
    error.update({name: value for name, value in refused.data.items() if name not in error})
    response = answer({"success": False, "error": error}, status=TABLE[code].status)
    return _with_headers(response, refused)


def _with_headers(response: HttpResponse, refused: Refused) -> HttpResponse:
    wait = refused.retry_after_seconds or RETRY_AFTER_SECONDS.get(refused.code)
    if wait:
        response["Retry-After"] = str(wait)
    if response.status_code == 401:
        response["WWW-Authenticate"] = "Bearer"
    allow = refused.data.get("allow")
    if isinstance(allow, (list, tuple)):
        response["Allow"] = ", ".join(allow)
    return response


def handle(error: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """DRF's exception handler: None, and so a raise, for what nobody foresaw."""
    refused = translate(error)
    if refused is None:
        return None
    view = context.get("view")
    if refused.code is Code.METHOD_NOT_ALLOWED and view is not None:
        refused.data["allow"] = view.allowed_methods
    return envelope(refused, context["request"]._request)


def translate(error: BaseException) -> Refused | None:
    """What an exception means to the client; None for what is a fault of ours."""
    if isinstance(error, Refused):
        return error
    if is_unavailable(error):
        outage.note(error)
        return Refused(Code.SERVICE_UNAVAILABLE)
    if isinstance(error, drf.ValidationError):
        return _invalid(error)
    for kind, code in PLAIN:
        if isinstance(error, kind):
            return Refused(code)
    return None


PLAIN: tuple[tuple[type[Exception], Code], ...] = (
    (Http404, Code.NOT_FOUND),
    (ObjectDoesNotExist, Code.NOT_FOUND),
    (drf.NotFound, Code.NOT_FOUND),
    (drf.MethodNotAllowed, Code.METHOD_NOT_ALLOWED),
    (drf.UnsupportedMediaType, Code.UNSUPPORTED_MEDIA_TYPE),
    (drf.ParseError, Code.INVALID_JSON),
    (drf.NotAuthenticated, Code.UNAUTHORIZED),
    (drf.AuthenticationFailed, Code.UNAUTHORIZED),
    (drf.PermissionDenied, Code.FORBIDDEN),
    (PermissionDenied, Code.FORBIDDEN),
    (drf.Throttled, Code.RATE_LIMITED),
    (RequestDataTooBig, Code.PAYLOAD_TOO_LARGE),
)


def is_unavailable(error: BaseException) -> bool:
    """Whether PostgreSQL is away, full, too slow or locked: what may be well in a moment. The pool's time-out
    and a cancelled or lock-timed-out statement are OperationalErrors of psycopg."""
    if isinstance(
        error, (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)
    ):
        return True
    cause = error.__cause__
    return (
        isinstance(error, DatabaseInternalError)
        and isinstance(cause, psycopg.Error)
        and cause.sqlstate in UNAVAILABLE_STATES
    )


def _invalid(error: drf.ValidationError) -> Refused:
    """The first complaint of a serializer, with the way to its field."""
    detail: Any = error.get_full_details()
    way = ""
    while True:
        if isinstance(detail, dict) and "message" not in detail:
            name, detail = next(iter(detail.items()))
            way += f"[{name}]" if isinstance(name, int) else f".{name}" if way else name
        elif isinstance(detail, list):
            index = next((i for i, item in enumerate(detail) if item), 0)
            way += f"[{index}]" if len(detail) > 1 and way else ""
            detail = detail[index]
        else:
            break
    param = None if way == "non_field_errors" else way
    if detail["code"] == "required":
        return Refused(Code.MISSING_FIELD, f"{param} is required.", param=param)
    return Refused(
        Code.INVALID_FIELD, f"{param}: {detail['message']}" if param else detail["message"], param=param
    )
