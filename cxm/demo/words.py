"""What the demo's customers are called and what they say, in several languages. All of it is made up."""

# fmt: off
GIVEN_NAMES = (
    "Amelia", "Noah", "Chiara", "Luca", "Hannah", "Jonas", "Sofía", "Mateo", "Aisha", "Omar", "Ingrid",
    "Lars", "Zofia", "Piotr", "Camille", "Hugo", "Yuki", "Haruto", "Priya", "Arjun", "Fatima", "Yusuf",
    "Grace", "Daniel", "Elif", "Emre", "Beatriz", "Tiago", "Maeve", "Declan", "Nadia", "Karim", "Leila",
    "Viktor", "Anya", "Mei", "Chen", "Ruth",
)
FAMILY_NAMES = (
    "Hartley", "Conti", "Becker", "García", "Haddad", "Lindqvist", "Nowak", "Laurent", "Tanaka", "Sharma",
    "Rahman", "Osei", "Yılmaz", "Ferreira", "Byrne", "Novak", "Petrov", "Wei", "Okafor", "Jensen", "Moreau",
    "Rossi", "Schmidt", "Kowalska", "Silva", "Murphy", "Eriksson", "Dubois", "Khan", "Adeyemi", "Costa",
    "Weber",
)
# fmt: on
ARABIC_NAMES = ("كريم حداد", "ليلى منصور", "يوسف الراوي", "سلمى درويش", "عمر الشامي", "نور الهاشمي")
PLANS = ("Basic", "Plus", "Business")
REGIONS = ("North", "South", "East", "West")

# By survey, then by group.
VERBATIMS: dict[str, dict[str, tuple[str, ...]]] = {
    "relationship": {
        "promoter": (
            "Five years with you and I have never had to think about it. That is the highest praise I can give.",
            "Fair prices, honest people. I told my sister and both neighbours.",
            "When something goes wrong you fix it without a fight.",
            "Sehr zuverlässig, und die App ist angenehm schlicht.",
            "Todo funciona y cuando llamo me contesta una persona. Gracias.",
            "خدمة ممتازة وأسعار واضحة، أنصح بها كل أصدقائي.",
            "The yearly statement I can actually read. Small thing, says a lot.",
        ),
        "passive": (
            "Good, but I would not say it is special.",
            "Works fine. The website still feels older than the service.",
            "Solide, aber der Preis ist in zwei Jahren dreimal gestiegen.",
            "I would like one page where I see everything I have with you.",
            "Bien, pero esperaba más ventajas por ser cliente antiguo.",
        ),
        "detractor": (
            "New customers get a better price than I do after six years. That is not loyalty.",
            "Three price rises and each letter called it an improvement.",
            "I only stay because changing is a hassle.",
            "Man muss alles zweimal sagen, bis etwas passiert.",
            "The contract renewed by itself and nobody told me beforehand.",
            "أسعار ترتفع كل عام بدون أي تحسن في الخدمة.",
        ),
    },
    "delivery": {
        "promoter": (
            "Came a day early and the driver carried it up two floors.",
            "I could follow the van on the map. Brilliant.",
            "Pünktlich auf die Minute, sehr freundlich.",
            "Packaging without a gram of plastic, and everything whole.",
            "وصل الطلب قبل الموعد وبحالة ممتازة.",
        ),
        "passive": (
            "It came. A narrower time window would help.",
            "Box was dented, contents fine.",
            "Lieferung gut, aber die Ankündigung kam erst, als er schon da war.",
            "Fine, though I had to sign on a screen I could not read in the sun.",
        ),
        "detractor": (
            "Waited the whole day, nobody came, and the tracking said delivered.",
            "The parcel was left in the rain and the cardboard fell apart.",
            "Two of four boxes missing and no one could tell me where they are.",
            "Der Fahrer hat gar nicht geklingelt und nur eine Karte eingeworfen.",
            "Third appointment, third excuse. I took days off work for this.",
            "El repartidor lo dejó en otra calle. Tuve que buscarlo yo.",
            "انتظرت طوال اليوم ولم يصل أحد، ولم يرد أحد على الهاتف.",
        ),
    },
    "renewal": {
        "promoter": (
            "Renewed in two clicks and the price stayed. Thank you.",
            "You told me about a cheaper plan by yourselves. Who does that?",
            "Verlängert, bestätigt, fertig. Sehr gut.",
        ),
        "passive": (
            "All right. I would have liked to compare the plans side by side.",
            "Ha ido bien, aunque el correo era difícil de entender.",
        ),
        "detractor": (
            "It renewed by itself, at a higher price, and the reminder went to an address I gave up years ago.",
            "Ending the contract takes a letter, renewing it takes one click. I noticed.",
            "Der neue Preis stand nur im Kleingedruckten.",
        ),
    },
    "checkout": {
        "promoter": (
            "Address filled in by itself, paid with my phone, done.",
            "Quickest checkout I know.",
            "سهل وسريع، شكرًا لكم.",
        ),
        "passive": ("Fine, but why do I need an account?",),
        "detractor": (
            "The voucher field ate my code three times.",
            "Delivery costs only appear on the last page.",
            "Das Formular hat meine Hausnummer nicht angenommen.",
        ),
    },
    "support": {
        "promoter": (
            "Solved in one call, and she rang back the next day to check.",
            "The person on the phone knew what they were talking about.",
            "Schnell, klar, freundlich. So soll es sein.",
            "Clear instructions with pictures. Five minutes and done.",
        ),
        "passive": (
            "Solved in the end, but I told the story three times.",
            "Friendly, a little slow.",
            "Antwort war richtig, hat nur vier Tage gedauert.",
        ),
        "detractor": (
            "Forty minutes of music, then the line went dead.",
            "Was passed on four times and each asked for my number again.",
            "The answer was copied from the help page I had already read.",
            "Mir wurde ein Rückruf versprochen, der nie kam.",
            "Nobody reads what I write. I got an answer to somebody else's question.",
        ),
    },
}
DONE = (
    "A new delivery came the next morning; the delivery charge was refunded.",
    "Explained how the price comes about and sent a corrected invoice.",
    "The technician came again and the set works now.",
    "Talked it through with the team; the customer got a voucher.",
)
TOLD = (
    "Rang and told them what was done; they were content.",
    "Wrote to them with the date of the new delivery.",
    "They confirmed on the phone that everything works.",
)
UNTOLD = "Three calls and two mails, no answer. The number is no longer in use."
REOPENED = "The customer rang again: it happened once more."
# What customers write when they are asked again after their loop was closed.
AGAIN_GOOD = (
    "She called back the same afternoon and the new parcel was there on Friday. Thank you!",
    "I did not expect anybody to call. Very kind, and it works now.",
    "Schnell gelöst, danke.",
    "شكرًا على المتابعة.",
)
AGAIN_POOR = (
    "Nice on the phone, but the replacement is scratched as well.",
    "You promised a call on Tuesday. It never came.",
    "The invoice is still wrong.",
)
FLOOD = (
    "I cannot pay. The page just turns round and round.",
    "Error after error since this morning. Order lost.",
    "Charged twice and no order. Please fix this today.",
    "Seit heute Morgen geht im Shop gar nichts mehr.",
)
OUTCOMES = {"recovered": 50, "explained": 22, "compensated": 18, "lost": 6, "unreachable": 4}
# Root causes and how often each is at the bottom of it.
CAUSES = {
    "delivery.late": 26,
    "delivery.damaged": 14,
    "price.invoice": 8,
    "price.too_high": 7,
    "staff.uninformed": 10,
    "support.waiting": 10,
    "support.unsolved": 8,
    "product.missing": 6,
    "website.error": 6,
    "expectation": 5,
}
NOTES = (
    "Called, no answer. Trying again in the afternoon.",
    "Spoke to the depot: the van had broken down, nobody informed the customers on the route.",
    "Customer was relieved that somebody rang. Wants a confirmation in writing.",
    "Same complaint as last week from the same street; told the team lead of the depot.",
    "Refund of the delivery charge agreed with accounts.",
)
