"""What a reply starts with where nobody chose a template: in the customer's language, by where they stand."""

from surveys.scoring import Group

ENGLISH, ARABIC = "en", "ar"

# {name} brings its own space, or is empty.
LETTERS = {
    ENGLISH: "Hello{name},\n\n{opening}\n\n\n\nKind regards,\n{author}\n{organization}",
    ARABIC: "مرحبا{name}،\n\n{opening}\n\n\n\nمع أطيب التحيات،\n{author}\n{organization}",
}
SUBJECTS = {ENGLISH: "Your feedback to {organization}", ARABIC: "ملاحظاتك إلى {organization}"}
# Only who was let down reads that we are sorry; "" is for what no answer opened.
OPENINGS: dict[str, dict[str, str]] = {
    ENGLISH: {
        Group.DETRACTOR: "thank you for telling us openly what you think. I am sorry that we let you down.",
        Group.PASSIVE: "thank you for your feedback. I would like to know what we could do better.",
        Group.PROMOTER: "thank you for your kind feedback. I am glad that you are satisfied with us.",
        "": "I am writing to ask how you are getting on with us.",
    },
    ARABIC: {
        Group.DETRACTOR: "شكرا لصراحتك معنا. يؤسفني أننا لم نكن عند حسن ظنك.",
        Group.PASSIVE: "شكرا على ملاحظاتك. أود أن أعرف ما الذي يمكننا تحسينه.",
        Group.PROMOTER: "شكرا على كلماتك الطيبة. يسعدني رضاك عن خدمتنا.",
        "": "أكتب إليك لأطمئن على تجربتك معنا.",
    },
}


def first_words(*, language: str, group: str, name: str, author: str, organization: str) -> tuple[str, str]:
    """(subject, text). A language without words of its own gets English."""
    known = language.partition("-")[0].lower()
    known = known if known in LETTERS else ENGLISH
    text = LETTERS[known].format(
        name=f" {name}" if name else "", opening=OPENINGS[known][group], author=author, organization=organization
    )
    return SUBJECTS[known].format(organization=organization), text
