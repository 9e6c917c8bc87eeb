"""Names of months and their usual short forms, in the languages whose spreadsheets write them out."""

from .texts import folded

_NAMES = {
    1: "january jan januar jän jänner janvier janv enero ene gennaio januari janeiro styczeń sty leden ocak",
    2: "february feb februar febr février févr fév febrero febbraio februari fevereiro luty lut únor şubat",
    3: "march mar märz mär mrz mars marzo maart mrt março marzec březen mart",
    4: "april apr avril avr abril abr aprile aprile kwiecień kwi duben nisan",
    5: "may mai mayo maggio mag mei maio maj květen mayıs",
    6: "june jun juni juin junio giugno giu junho czerwiec cze červen haziran",
    7: "july jul juli juillet juil julio luglio lug julho lipiec lip červenec temmuz",
    8: "august aug août aou agosto ago augustus augusti sierpień sie srpen ağustos",
    9: "september sep sept septembre septiembre settembre set setembro wrzesień wrz září eylül",
    10: "october oct oktober okt octobre octubre ottobre ott outubro out październik paź říjen ekim",
    11: "november nov novembre noviembre novembro listopad lis kasım",
    12: "december dec dezember dez décembre déc diciembre dic dicembre dezembro grudzień gru prosinec aralık",
}

# Folded name -> 1 to 12. Croatian is not here: its "listopad" is October, and November in Polish and Czech.
MONTHS: dict[str, int] = {folded(name): month for month, names in _NAMES.items() for name in names.split()}
