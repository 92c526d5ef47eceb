"""Why a message did not arrive: our stable reasons, the same whatever carrier said it in whatever code.

Carriers put them into `Rejected` and `Receipt`, the pipeline adds those that are ours. Each has a sentence in
the three languages of the product, says whether sending again may help, and who pays (`docs/promises.md`,
P3)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Language = Literal["en", "fr", "ar"]
Payer = Literal["customer", "nobody"]


class Reason(StrEnum):
    """Every stable failure reason. Shown to customers: never renamed, only added to."""

    INVALID_NUMBER = "INVALID_NUMBER"
    UNREACHABLE = "UNREACHABLE"
    BLOCKED = "BLOCKED"
    HANDSET_EXPIRED = "HANDSET_EXPIRED"
    SENDER_REFUSED = "SENDER_REFUSED"
    CONTENT_REFUSED = "CONTENT_REFUSED"
    CARRIER_REFUSED = "CARRIER_REFUSED"
    EXPIRED_BEFORE_SUBMIT = "EXPIRED_BEFORE_SUBMIT"
    NO_DLR = "NO_DLR"
    SUBMIT_UNCONFIRMED = "SUBMIT_UNCONFIRMED"
    CANCELLED = "CANCELLED"
    OPTED_OUT = "OPTED_OUT"
    DESTINATION_BLOCKED = "DESTINATION_BLOCKED"
    ACCOUNT_INACTIVE = "ACCOUNT_INACTIVE"
    NO_ROUTE = "NO_ROUTE"
    NOT_ON_CHANNEL = "NOT_ON_CHANNEL"
    WINDOW_CLOSED = "WINDOW_CLOSED"
    TEMPLATE_REFUSED = "TEMPLATE_REFUSED"
    UNKNOWN = "UNKNOWN"


SAYABLE: frozenset[str] = frozenset(
    {
        Reason.INVALID_NUMBER.value,
        Reason.UNREACHABLE.value,
        Reason.BLOCKED.value,
        Reason.HANDSET_EXPIRED.value,
        Reason.SENDER_REFUSED.value,
        Reason.CONTENT_REFUSED.value,
        Reason.CARRIER_REFUSED.value,
        Reason.UNKNOWN.value,
    }
)
"""What a carrier can say; the other reasons are the product's own."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a reason means. `retryable`: the same message sent again later may arrive. `who_pays`: `customer`
    where a carrier took the message, `nobody` where the charge is returned; the final status decides the
    money, and this is what it comes to in the status the reason belongs to."""

    en: str
    fr: str
    ar: str
    retryable: bool
    who_pays: Payer

    def sentence(self, language: Language) -> str:
        """The reason in one sentence of `language`."""
        return {"en": self.en, "fr": self.fr, "ar": self.ar}[language]


EXPLANATIONS: dict[Reason, Explanation] = {
    Reason.INVALID_NUMBER: Explanation(
        "The number does not exist or cannot receive messages.",
        "Le numéro n'existe pas ou ne peut pas recevoir de messages.",
        "الرقم غير موجود أو لا يمكنه استقبال الرسائل.",
        False,
        "nobody",
    ),
    Reason.UNREACHABLE: Explanation(
        "The phone could not be reached.",
        "Le téléphone n'a pas pu être joint.",
        "تعذر الوصول إلى الهاتف.",
        True,
        "customer",
    ),
    Reason.BLOCKED: Explanation(
        "The operator or the recipient blocks this message.",
        "L'opérateur ou le destinataire bloque ce message.",
        "المشغل أو المستلم يحجب هذه الرسالة.",
        False,
        "customer",
    ),
    Reason.HANDSET_EXPIRED: Explanation(
        "The phone stayed off or out of coverage until the message expired.",
        "Le téléphone est resté éteint ou hors couverture jusqu'à l'expiration du message.",
        "بقي الهاتف مغلقا أو خارج التغطية حتى انتهت صلاحية الرسالة.",
        True,
        "customer",
    ),
    Reason.SENDER_REFUSED: Explanation(
        "The carrier does not allow this sender id.",
        "Le transporteur n'autorise pas cet identifiant d'expéditeur.",
        "الناقل لا يسمح بمعرف المرسل هذا.",
        False,
        "nobody",
    ),
    Reason.CONTENT_REFUSED: Explanation(
        "The carrier refused the text of the message.",
        "Le transporteur a refusé le texte du message.",
        "رفض الناقل نص الرسالة.",
        False,
        "nobody",
    ),
    Reason.CARRIER_REFUSED: Explanation(
        "The carrier refused the message.",
        "Le transporteur a refusé le message.",
        "رفض الناقل الرسالة.",
        False,
        "nobody",
    ),
    Reason.EXPIRED_BEFORE_SUBMIT: Explanation(
        "The message expired before a carrier could take it.",
        "Le message a expiré avant qu'un transporteur puisse le prendre.",
        "انتهت صلاحية الرسالة قبل أن يتسلمها أي ناقل.",
        True,
        "nobody",
    ),
    Reason.NO_DLR: Explanation(
        "The carrier took the message and never reported what became of it.",
        "Le transporteur a pris le message et n'a jamais rendu compte de son sort.",
        "تسلم الناقل الرسالة ولم يبلغ قط عن مصيرها.",
        True,
        "customer",
    ),
    Reason.SUBMIT_UNCONFIRMED: Explanation(
        "The carrier's answer was lost and no receipt ever confirmed the message.",
        "La réponse du transporteur a été perdue et aucun accusé n'a confirmé le message.",
        "فقد رد الناقل ولم يؤكد أي إشعار وصول الرسالة.",
        True,
        "nobody",
    ),
    Reason.CANCELLED: Explanation(
        "The message was cancelled before it was sent.",
        "Le message a été annulé avant son envoi.",
        "ألغيت الرسالة قبل إرسالها.",
        True,
        "nobody",
    ),
    Reason.OPTED_OUT: Explanation(
        "The recipient opted out.",
        "Le destinataire s'est désinscrit.",
        "ألغى المستلم اشتراكه.",
        False,
        "nobody",
    ),
    Reason.DESTINATION_BLOCKED: Explanation(
        "Sending to this destination is not allowed.",
        "L'envoi vers cette destination n'est pas autorisé.",
        "الإرسال إلى هذه الوجهة غير مسموح به.",
        False,
        "nobody",
    ),
    Reason.ACCOUNT_INACTIVE: Explanation(
        "The account was not active when the message was due.",
        "Le compte n'était pas actif au moment de l'envoi.",
        "لم يكن الحساب نشطا عند موعد الإرسال.",
        True,
        "nobody",
    ),
    Reason.NO_ROUTE: Explanation(
        "No carrier serves this destination.",
        "Aucun transporteur ne dessert cette destination.",
        "لا يوجد ناقل يخدم هذه الوجهة.",
        True,
        "nobody",
    ),
    Reason.NOT_ON_CHANNEL: Explanation(
        "The recipient cannot be reached by this channel, for example has no WhatsApp.",
        "Le destinataire n'est pas joignable par ce canal, par exemple il n'a pas WhatsApp.",
        "لا يمكن الوصول إلى المستلم عبر هذه القناة، مثلا ليس لديه واتساب.",
        False,
        "nobody",
    ),
    Reason.WINDOW_CLOSED: Explanation(
        "The recipient has not written within the last 24 hours: only a template may be sent.",
        "Le destinataire n'a pas écrit dans les dernières 24 heures : seul un modèle peut être envoyé.",
        "لم يكتب المستلم خلال آخر 24 ساعة: لا يمكن إرسال سوى قالب.",
        False,
        "nobody",
    ),
    Reason.TEMPLATE_REFUSED: Explanation(
        "The provider does not know this template, or refuses it or its values.",
        "Le fournisseur ne connaît pas ce modèle, ou le refuse, lui ou ses valeurs.",
        "المزود لا يعرف هذا القالب، أو يرفضه أو يرفض قيمه.",
        False,
        "nobody",
    ),
    Reason.UNKNOWN: Explanation(
        "The carrier gave no reason that is known.",
        "Le transporteur n'a donné aucune raison connue.",
        "لم يذكر الناقل أي سبب معروف.",
        True,
        "nobody",
    ),
}
