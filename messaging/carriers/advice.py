"""What the sender of a message can do about the reason it failed for, in the three languages of the product."""

from collections.abc import Mapping

from messaging.carriers.reasons import Language, Reason

ADVICE: Mapping[Reason, tuple[str, str, str]] = {
    Reason.INVALID_NUMBER: (
        "Check the number and remove it from your lists if it is wrong.",
        "Vérifiez le numéro et retirez-le de vos listes s'il est faux.",
        "تحقق من الرقم واحذفه من قوائمك إن كان خاطئا.",
    ),
    Reason.UNREACHABLE: (
        "Try again in a few hours; remove the number if it stays out of reach for weeks.",
        "Réessayez dans quelques heures ; retirez le numéro s'il reste injoignable pendant des semaines.",
        "أعد المحاولة بعد بضع ساعات، واحذف الرقم إن ظل غير متاح لأسابيع.",
    ),
    Reason.BLOCKED: (
        "Do not repeat it. Ask the recipient whether messages are wanted, or write from another sender id.",
        "Ne le renvoyez pas. Demandez au destinataire s'il souhaite vos messages, ou changez d'expéditeur.",
        "لا تعد إرسالها. اسأل المستلم إن كان يرغب في رسائلك، أو استعمل معرف مرسل آخر.",
    ),
    Reason.HANDSET_EXPIRED: (
        "Send it again when the phone may be on, or give the message more time.",
        "Renvoyez-le quand le téléphone sera allumé, ou donnez plus de temps au message.",
        "أعد إرسالها عندما يكون الهاتف مشغلا، أو امنح الرسالة مدة أطول.",
    ),
    Reason.NOT_ON_CHANNEL: (
        "Write to this number by SMS: it does not use the channel.",
        "Écrivez à ce numéro par SMS : il n'utilise pas ce canal.",
        "راسل هذا الرقم برسالة SMS فهو لا يستعمل هذه القناة.",
    ),
    Reason.WINDOW_CLOSED: (
        "Send an approved template: free text is only for 24 hours after the recipient wrote.",
        "Envoyez un modèle approuvé : le texte libre n'est permis que 24 heures après un message du destinataire.",
        "أرسل قالبا معتمدا: النص الحر مسموح خلال 24 ساعة فقط من رسالة المستلم.",
    ),
    Reason.TEMPLATE_REFUSED: (
        "Check the template's name, language and values with the channel's provider.",
        "Vérifiez le nom, la langue et les valeurs du modèle auprès du fournisseur du canal.",
        "تحقق من اسم القالب ولغته وقيمه لدى مزود القناة.",
    ),
    Reason.SENDER_REFUSED: (
        "Use a sender id that is approved for this country.",
        "Utilisez un identifiant d'expéditeur approuvé pour ce pays.",
        "استعمل معرف مرسل معتمدا في هذا البلد.",
    ),
    Reason.CONTENT_REFUSED: (
        "Change the text: links, some words or unusual characters may be refused.",
        "Modifiez le texte : des liens, certains mots ou caractères rares peuvent être refusés.",
        "غير النص: قد ترفض الروابط أو بعض الكلمات أو الأحرف غير المألوفة.",
    ),
    Reason.CARRIER_REFUSED: (
        "Check number, sender id and text; if all are right, ask support with the message id.",
        "Vérifiez numéro, expéditeur et texte ; si tout est juste, contactez le support avec l'identifiant du message.",
        "تحقق من الرقم والمرسل والنص، وإن كانت صحيحة فراسل الدعم مع معرف الرسالة.",
    ),
    Reason.EXPIRED_BEFORE_SUBMIT: (
        "Send it again, with a longer validity if it is not urgent.",
        "Renvoyez-le, avec une validité plus longue s'il n'est pas urgent.",
        "أعد إرسالها، مع صلاحية أطول إن لم تكن عاجلة.",
    ),
    Reason.NO_DLR: (
        "It may have arrived. Ask the recipient before sending it again.",
        "Il est peut-être arrivé. Demandez au destinataire avant de le renvoyer.",
        "ربما وصلت. اسأل المستلم قبل إعادة إرسالها.",
    ),
    Reason.SUBMIT_UNCONFIRMED: (
        "It may have arrived, and it was not charged. Send it again if a second copy does no harm.",
        "Il est peut-être arrivé et n'a pas été facturé. Renvoyez-le si un double ne gêne pas.",
        "ربما وصلت، ولم تحتسب كلفتها. أعد إرسالها إن كانت نسخة ثانية لا تضر.",
    ),
    Reason.CANCELLED: (
        "Nothing is to be done.",
        "Il n'y a rien à faire.",
        "لا يلزم أي إجراء.",
    ),
    Reason.OPTED_OUT: (
        "Write to this number no more until its owner opts in again.",
        "N'écrivez plus à ce numéro tant que son propriétaire ne s'est pas réinscrit.",
        "لا تراسل هذا الرقم حتى يشترك صاحبه من جديد.",
    ),
    Reason.DESTINATION_BLOCKED: (
        "Ask support to open this destination for your account.",
        "Demandez au support d'ouvrir cette destination pour votre compte.",
        "اطلب من الدعم فتح هذه الوجهة لحسابك.",
    ),
    Reason.ACCOUNT_INACTIVE: (
        "Ask support to activate the account, then send it again.",
        "Demandez au support d'activer le compte, puis renvoyez-le.",
        "اطلب من الدعم تفعيل الحساب، ثم أعد إرسالها.",
    ),
    Reason.NO_ROUTE: (
        "Ask support which destinations are served.",
        "Demandez au support quelles destinations sont desservies.",
        "اسأل الدعم عن الوجهات المتاحة.",
    ),
    Reason.UNKNOWN: (
        "Try once more later; if it fails again, ask support with the message id.",
        "Réessayez plus tard ; s'il échoue encore, contactez le support avec l'identifiant du message.",
        "أعد المحاولة لاحقا، وإن فشلت ثانية فراسل الدعم مع معرف الرسالة.",
    ),
}


def advice(reason: Reason, language: Language) -> str:
    """What to do, in one or two sentences of `language`."""
    en, fr, ar = ADVICE[reason]
    return {"en": en, "fr": fr, "ar": ar}[language]
