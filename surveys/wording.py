"""What the respondents' pages say around the survey's own words, in each language they speak.

A dict and not gettext: these pages choose their language by the customer, and a survey may be written in languages the
product itself has no catalogue for; those get English here.
"""

LANGUAGE_NAMES = {
    "en": "English", "ar": "العربية", "de": "Deutsch", "fr": "Français", "es": "Español", "it": "Italiano",
    "pt": "Português", "nl": "Nederlands", "pl": "Polski", "sv": "Svenska", "da": "Dansk", "fi": "Suomi",
    "cs": "Čeština", "tr": "Türkçe", "ru": "Русский", "uk": "Українська", "el": "Ελληνικά", "he": "עברית",
    "fa": "فارسی", "ur": "اردو", "hi": "हिन्दी", "ja": "日本語", "ko": "한국어", "zh": "中文",
}  # fmt: skip

_ENGLISH = {
    "language": "Language",
    "switch": "Change",
    "send": "Send",
    "save": "Save the change",
    "optional": "optional",
    "yes": "Yes",
    "no": "No",
    "score_missing": "Please choose a score from {low} to {high}.",
    "too_long": "Please use at most {limit} characters; you have written {count}.",
    "form_error": "Something is missing",
    "answered": "You have answered. You can still change your answer until {until}.",
    "answered_title": "You have already answered",
    "answered_late": "Your answer of {when} is stored and cannot be changed any more. Thank you!",
    "expired_title": "This survey has ended",
    "expired": "The time to answer was over on {when}. Thank you for wanting to.",
    "closed_title": "This survey is closed",
    "closed": "Answers are no longer collected here. Thank you for wanting to tell us.",
    "paused_title": "This survey is paused",
    "paused": "It does not take answers at the moment. Please try this link again later.",
    "bad_title": "This link does not work",
    "bad": "It may be incomplete. Please use the link in your mail again, or copy it as a whole.",
    "unsent": "What you wrote was not stored. Here it is, so that you can keep it:",
    "thanks_title": "Thank you",
    "your_score": "Your score: {score}",
    "change": "Change my answer",
    "changed": "Your change is stored.",
    "next_promised": "Somebody from {organization} will get in touch with you by {when}.",
    "next_read": "Somebody from {organization} will read your answer.",
    "call_title": "Would you like us to get in touch?",
    "call_text": "Leave a phone number, or only tick the box and we will write to you.",
    "call_phone": "Phone",
    "call_consent": "Yes, please get in touch with me about my answer",
    "call_send": "Ask to be contacted",
    "call_missing": "Please tick the box, so that we know that we may get in touch.",
    "call_done": "We have noted that we may get in touch with you.",
    "improve": "What is one thing we could do better?",
    "preview": "This is a preview. Nothing is saved.",
    "preview_saved": "In a preview nothing is saved; your customers would see this page now.",
    "unsubscribe": "Do not ask me again",
    "leave_title": "Do not want to be asked any more?",
    "leave": "{organization} will then send no more questions to {address}.",
    "leave_button": "Unsubscribe",
    "left_title": "You are unsubscribed",
    "left": "{organization} will send no more questions to {address}.",
    "return_text": "Unsubscribed by mistake?",
    "return_button": "Ask me again",
    "returned": "Thank you. {organization} may ask you again.",
}

_ARABIC = {
    "language": "اللغة",
    "switch": "تغيير",
    "send": "إرسال",
    "save": "حفظ التعديل",
    "optional": "اختياري",
    "yes": "نعم",
    "no": "لا",
    "score_missing": "يرجى اختيار تقييم من {low} إلى {high}.",
    "too_long": "يرجى ألا يتجاوز النص {limit} حرف؛ لقد كتبت {count}.",
    "form_error": "هناك شيء ناقص",
    "answered": "لقد أجبت. لا يزال بإمكانك تعديل إجابتك حتى {until}.",
    "answered_title": "لقد أجبت من قبل",
    "answered_late": "إجابتك بتاريخ {when} محفوظة ولم يعد من الممكن تعديلها. شكرًا لك!",
    "expired_title": "انتهى هذا الاستبيان",
    "expired": "انتهى وقت الإجابة في {when}. شكرًا لرغبتك في الإجابة.",
    "closed_title": "هذا الاستبيان مغلق",
    "closed": "لم نعد نجمع الإجابات هنا. شكرًا لرغبتك في إخبارنا.",
    "paused_title": "هذا الاستبيان متوقف مؤقتًا",
    "paused": "لا يستقبل إجابات في الوقت الحالي. يرجى تجربة هذا الرابط لاحقًا.",
    "bad_title": "هذا الرابط لا يعمل",
    "bad": "قد يكون الرابط غير مكتمل. يرجى استخدام الرابط في رسالتك من جديد أو نسخه كاملًا.",
    "unsent": "لم يُحفظ ما كتبته. ها هو، لتتمكن من الاحتفاظ به:",
    "thanks_title": "شكرًا لك",
    "your_score": "تقييمك: {score}",
    "change": "تعديل إجابتي",
    "changed": "تم حفظ تعديلك.",
    "next_promised": "سيتواصل معك أحد من {organization} في موعد أقصاه {when}.",
    "next_read": "سيقرأ أحد من {organization} إجابتك.",
    "call_title": "هل تود أن نتواصل معك؟",
    "call_text": "اترك رقم هاتف، أو ضع علامة في المربع فقط وسنكتب إليك.",
    "call_phone": "الهاتف",
    "call_consent": "نعم، يرجى التواصل معي بشأن إجابتي",
    "call_send": "طلب التواصل",
    "call_missing": "يرجى وضع علامة في المربع لنعرف أنه يمكننا التواصل معك.",
    "call_done": "سجّلنا أنه يمكننا التواصل معك.",
    "improve": "ما الشيء الواحد الذي يمكننا تحسينه؟",
    "preview": "هذه معاينة. لا يُحفظ شيء.",
    "preview_saved": "في المعاينة لا يُحفظ شيء؛ كان عملاؤك سيرون هذه الصفحة الآن.",
    "unsubscribe": "لا تسألني مرة أخرى",
    "leave_title": "ألا ترغب في أن نسألك مرة أخرى؟",
    "leave": "لن ترسل {organization} أسئلة أخرى إلى {address}.",
    "leave_button": "إلغاء الاشتراك",
    "left_title": "تم إلغاء اشتراكك",
    "left": "لن ترسل {organization} أسئلة أخرى إلى {address}.",
    "return_text": "هل ألغيت الاشتراك بالخطأ؟",
    "return_button": "اسألني من جديد",
    "returned": "شكرًا لك. يمكن لـ {organization} أن تسألك من جديد.",
}

CHROME = {"en": _ENGLISH, "ar": _ARABIC}


def chrome(language: str) -> dict[str, str]:
    """The texts of the pages in this language or its base language, else in English."""
    return CHROME.get(language) or CHROME.get(language.partition("-")[0]) or _ENGLISH


def language_name(code: str) -> str:
    """The language in its own words: "العربية"; its code when we do not know it."""
    return LANGUAGE_NAMES.get(code, code)
