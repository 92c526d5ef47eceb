"""What the pages of a payment say, in the three languages of the pages."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """The sentences of one language; `{…}` is filled in by the page."""

    title: str
    unpaid: str
    unpaid_more: str
    waiting: str
    waiting_more: str
    paid: str
    paid_more: str
    failed: str
    failed_more: str
    test: str
    test_more: str
    transfer: str
    transfer_more: str
    unknown: str
    unknown_more: str
    away: str
    away_more: str
    forward: str
    forward_more: str
    pay: str
    amount: str
    reference: str
    account_holder: str
    bank: str


WORDS = {
    "en": Words(
        title="Top-up",
        unpaid="Not paid yet",
        unpaid_more="Pay on the secure page of the bank. You come back here afterwards.",
        waiting="We are waiting for the bank",
        waiting_more="The bank tells us when the payment is through. This page looks again by itself.",
        paid="Paid",
        paid_more="The payment has arrived and the balance has grown. You can close this page.",
        failed="Not paid",
        failed_more="The payment was refused, or not made in time. Nothing was added to the balance. "
        "Please ask for a new top-up.",
        test="This is only a test",
        test_more="The top-up was asked for with a test key: there is nothing to pay.",
        transfer="Please make the transfer",
        transfer_more="Write the reference in the transfer's text: by it we know that the money is yours. "
        "The balance grows once we have seen it arrive.",
        unknown="There is no such top-up",
        unknown_more="Please check the address of this page.",
        away="The bank does not answer just now",
        away_more="Nothing was paid. Please try again in a minute.",
        forward="On to the bank",
        forward_more="If nothing happens, press the button.",
        pay="Pay",
        amount="Amount",
        reference="Reference",
        account_holder="Account holder",
        bank="Bank",
    ),
    "fr": Words(
        title="Recharge",
        unpaid="Pas encore payé",
        unpaid_more="Payez sur la page sécurisée de la banque. Vous reviendrez ensuite ici.",
        waiting="Nous attendons la banque",
        waiting_more="La banque nous informe dès que le paiement est passé. Cette page se met à jour toute seule.",
        paid="Payé",
        paid_more="Le paiement est arrivé et le solde a été crédité. Vous pouvez fermer cette page.",
        failed="Non payé",
        failed_more="Le paiement a été refusé ou n'a pas été fait à temps. Rien n'a été ajouté au solde. "
        "Veuillez demander une nouvelle recharge.",
        test="Ceci n'est qu'un essai",
        test_more="La recharge a été demandée avec une clé de test : il n'y a rien à payer.",
        transfer="Veuillez faire le virement",
        transfer_more="Indiquez la référence dans le motif du virement : elle nous dit que l'argent vient de vous. "
        "Le solde sera crédité dès que nous l'aurons reçu.",
        unknown="Cette recharge n'existe pas",
        unknown_more="Veuillez vérifier l'adresse de cette page.",
        away="La banque ne répond pas pour le moment",
        away_more="Rien n'a été payé. Veuillez réessayer dans une minute.",
        forward="Vers la banque",
        forward_more="S'il ne se passe rien, appuyez sur le bouton.",
        pay="Payer",
        amount="Montant",
        reference="Référence",
        account_holder="Titulaire du compte",
        bank="Banque",
    ),
    "ar": Words(
        title="شحن الرصيد",
        unpaid="لم يتم الدفع بعد",
        unpaid_more="ادفع في الصفحة الآمنة للبنك، ثم تعود إلى هنا.",
        waiting="في انتظار تأكيد البنك",
        waiting_more="يخبرنا البنك فور إتمام الدفع. تتحدّث هذه الصفحة تلقائيًا.",
        paid="تم الدفع",
        paid_more="وصل المبلغ وأضيف إلى الرصيد. يمكنك إغلاق هذه الصفحة.",
        failed="لم يتم الدفع",
        failed_more="رُفض الدفع أو لم يتم في الوقت المحدد. لم يُضف شيء إلى الرصيد. يُرجى طلب شحن جديد.",
        test="هذه مجرد تجربة",
        test_more="طُلب هذا الشحن بمفتاح تجريبي: لا يوجد ما يُدفع.",
        transfer="يُرجى إجراء التحويل البنكي",
        transfer_more="اكتب المرجع في خانة سبب التحويل: به نعرف أن المبلغ منك. يُضاف المبلغ إلى الرصيد بعد وصوله.",
        unknown="لا توجد عملية شحن بهذا الرقم",
        unknown_more="يُرجى التحقق من عنوان هذه الصفحة.",
        away="البنك لا يستجيب الآن",
        away_more="لم يُدفع أي مبلغ. يُرجى المحاولة بعد دقيقة.",
        forward="الانتقال إلى البنك",
        forward_more="إذا لم يحدث شيء، اضغط على الزر.",
        pay="ادفع",
        amount="المبلغ",
        reference="المرجع",
        account_holder="صاحب الحساب",
        bank="البنك",
    ),
}


def words(language: str) -> Words:
    """The words of a language code such as `fr` or `fr-ma`; English for others."""
    return WORDS.get(language[:2], WORDS["en"])
