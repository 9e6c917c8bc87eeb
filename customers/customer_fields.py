"""What a file may tell about a customer, and what its columns are called in the files of the world."""

from customers.importing.fields import Field

FIELDS = (
    Field(
        "external_id",
        "Your own id",
        "text",
        hint="The number or code your systems know this customer by.",
        max_length=120,
        synonyms=(
            *("id", "customer id", "customer number", "customer no", "client id", "account id", "user id", "crm id"),
            *("reference", "Kundennummer", "Kunden-Nr", "Kunden-ID", "numéro client", "id client", "ID cliente"),
            *("número de cliente", "codice cliente", "klantnummer", "código do cliente", "numer klienta", "رقم العميل"),
        ),
    ),
    Field(
        "email",
        "E-mail address",
        "email",
        synonyms=(
            *("email", "mail", "e-mail address", "customer email", "contact email", "E-Mail-Adresse", "Mailadresse"),
            *("courriel", "adresse e-mail", "adresse mail", "correo", "correo electrónico", "indirizzo e-mail"),
            *("e-mailadres", "endereço de e-mail", "adres e-mail", "эл. почта", "البريد الإلكتروني"),
        ),
    ),
    Field(
        "name",
        "Name",
        "text",
        synonyms=(
            *("full name", "customer name", "customer", "contact name", "display name", "Kunde", "Kundenname"),
            *("nom complet", "client", "nombre completo", "cliente", "nome completo", "naam", "nazwa", "имя", "الاسم"),
        ),
    ),
    Field(
        "first_name",
        "First name",
        "text",
        hint="Joined with the last name when there is no column for the whole name.",
        max_length=100,
        synonyms=("given name", "forename", "Vorname", "prénom", "nombre", "nome", "voornaam", "imię"),
    ),
    Field(
        "last_name",
        "Last name",
        "text",
        max_length=100,
        synonyms=("surname", "family name", "Nachname", "nom", "nom de famille", "apellido", "apellidos", "cognome",
                  "achternaam", "sobrenome", "nazwisko"),
    ),
    Field(
        "phone",
        "Phone",
        "text",
        hint="Kept as it is written.",
        max_length=40,
        synonyms=("phone number", "telephone", "mobile", "mobile number", "cell", "Telefon", "Telefonnummer", "Handy",
                  "Mobil", "téléphone", "portable", "teléfono", "móvil", "telefono", "cellulare", "telefoon", "الهاتف"),
    ),
    Field(
        "language",
        "Language",
        "language",
        hint="A code such as de or pt-BR: the language this customer is asked in.",
        synonyms=("lang", "locale", "preferred language", "Sprache", "langue", "idioma", "lingua", "taal"),
    ),
    Field(
        "value",
        "Value",
        "decimal",
        hint="What this customer is worth to you, in your currency.",
        minimum=-999_999_999_999,
        maximum=999_999_999_999,
        decimal_places=2,
        synonyms=("customer value", "lifetime value", "clv", "ltv", "revenue", "annual revenue", "arr", "mrr", "Umsatz",
                  "Kundenwert", "chiffre d'affaires", "valeur", "ingresos", "valor", "fatturato", "omzet"),
    ),
)  # fmt: skip
