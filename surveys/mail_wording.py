"""What the survey mail says around the survey's own words, in each language it speaks; others get English."""

_ENGLISH = {
    "hello": "Hello {name},",
    "hello_stranger": "Hello,",
    "score": "{score} out of {high}",
    "choose": "Choose your answer:",
    "open": "If the numbers do not work, answer here:",
    "why": "You get this mail because you are a customer of {organization}.",
    "why_touchpoint": "You get this mail because you are a customer of {organization}. It is about: {touchpoint}.",
    "unsubscribe": "Unsubscribe",
    "unsubscribe_text": "If you do not want to be asked any more:",
}

_ARABIC = {
    "hello": "مرحبًا {name}،",
    "hello_stranger": "مرحبًا،",
    "score": "{score} من {high}",
    "choose": "اختر إجابتك:",
    "open": "إذا لم تعمل الأرقام، أجب هنا:",
    "why": "تصلك هذه الرسالة لأنك من عملاء {organization}.",
    "why_touchpoint": "تصلك هذه الرسالة لأنك من عملاء {organization}. موضوعها: {touchpoint}.",
    "unsubscribe": "إلغاء الاشتراك",
    "unsubscribe_text": "إذا كنت لا ترغب في أن نسألك مرة أخرى:",
}

_BY_LANGUAGE = {"en": _ENGLISH, "ar": _ARABIC}


def mail_wording(language: str) -> dict[str, str]:
    """The texts in this language or its base language, else in English."""
    return _BY_LANGUAGE.get(language) or _BY_LANGUAGE.get(language.partition("-")[0]) or _ENGLISH
