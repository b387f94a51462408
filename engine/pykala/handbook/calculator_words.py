"""The fixed words of limits and of the deadline calculator: (Finnish, Swedish, English).

Nothing is inflected: a part that is put in stands after a colon, in brackets or in a cell of its own.
"""

from __future__ import annotations

from typing import Final

CALCULATOR_WORDS: Final[dict[str, tuple[str, str, str]]] = {
    # how a limit is counted
    "before": ("{0} ennen", "{0} före", "{0} before"),
    "turn next_weekday": ("seuraava päivä ma–pe", "nästa dag mån–fre", "the next day Mon–Fri"),
    "turn working_day_on_or_after": (
        "viikonloppuna tai pyhänä seuraava työpäivä",
        "på ett veckoslut eller en helgdag nästa arbetsdag",
        "on a weekend or holiday the next working day",
    ),
    "turn working_day_on_or_before": (
        "viikonloppuna tai pyhänä edellinen työpäivä",
        "på ett veckoslut eller en helgdag föregående arbetsdag",
        "on a weekend or holiday the previous working day",
    ),
    "open question": ("avoin kysymys", "öppen fråga", "open question"),
    "same day": ("sama päivä", "samma dag", "the same day"),
    "valid": ("voimassa", "i kraft", "valid"),
    # the page
    "lead": (
        "Valitse määräaika ja anna päivä, josta se lasketaan. Laskuri kertoo viimeisen päivän.",
        "Välj en tidsfrist och ange den dag som den räknas från. Räknaren anger den sista dagen.",
        "Choose a time limit and give the day from which it is counted. The calculator tells the last day.",
    ),
    "months": (
        "Kuukaudet: sama päivän numero tai kuukauden viimeinen päivä",
        "Månader: samma dagsnummer eller månadens sista dag",
        "Months: the same day of the month, or the last day of the month",
    ),
    "days": (
        "Päivät ja viikot: ensimmäinen laskettava päivä on seuraava päivä",
        "Dagar och veckor: den första dagen som räknas är följande dag",
        "Days and weeks: the first day counted is the following day",
    ),
    "working days": (
        "Työpäivät: ma–pe, ei pyhäpäiviä, juhannusaattoa eikä jouluaattoa",
        "Arbetsdagar: mån–fre, inte helgdagar, midsommarafton eller julafton",
        "Working days: Mon–Fri, without public holidays, Midsummer Eve and Christmas Eve",
    ),
    "choose": ("Valitse määräaika", "Välj en tidsfrist", "Choose a time limit"),
    "counted from": ("Laskenta alkaa", "Räknas från", "Counted from"),
    "start": ("Alkupäivä", "Startdag", "Start date"),
    "calculate": ("Laske", "Räkna", "Calculate"),
    "last day": ("Viimeinen päivä", "Sista dag", "Last day"),
    "first day": ("Ensimmäinen päivä", "Första dag", "First day"),
    "how": ("Laskentatapa", "Beräkningssätt", "How it is counted"),
    "moved": (
        "Siirtyi työpäivään. Ilman siirtoa: {0}",
        "Flyttades till en arbetsdag. Utan flyttning: {0}",
        "Moved to a working day. Without the move: {0}",
    ),
    "not moved": (
        "Päivä ei ole työpäivä. Sääntö ei siirrä sitä.",
        "Dagen är ingen arbetsdag. Regeln flyttar den inte.",
        "The day is no working day. The rule does not move it.",
    ),
    "under": ("Ehto tai tulkinta", "Villkor eller tolkning", "Condition or reading"),
    "several": (
        "Määräajalla on useampi laskentatapa. Mikä niistä koskee, riippuu ehdoista.",
        "Tidsfristen kan räknas på flera sätt. Vilket som gäller beror på villkoren.",
        "The limit can be counted in several ways. Which one applies depends on the conditions.",
    ),
    "no day": (
        "Laskuri ei tiedä vastausta näille vuosille: pyhäpäivät ovat mukana vuosille {0}.",
        "Räknaren vet inte svaret för de här åren: helgdagarna finns med för åren {0}.",
        "The calculator cannot tell for these years: holidays are there for the years {0}.",
    ),
    "bad date": (
        "Päivää ei ole kalenterissa. Kirjoita päivä, kuukausi ja vuosi, esimerkiksi {0}.",
        "Dagen finns inte i kalendern. Skriv dag, månad och år, till exempel {0}.",
        "There is no such day. Write the day, month and year, for example {0}.",
    ),
    "no date": ("Anna alkupäivä.", "Ange startdagen.", "Give the start date."),
    "no limit": ("Valitse määräaika.", "Välj en tidsfrist.", "Choose a time limit."),
    "result": ("Tulos", "Resultat", "Result"),
    "rule": ("Sääntö", "Regel", "Rule"),
    # worked dates
    "worked": ("Laskettuja päiviä", "Uträknade dagar", "Worked dates"),
    "worked lead": (
        "Taulukot on laskettu samoilla säännöillä, joilla tapaukset tarkastetaan.",
        "Tabellerna har räknats med samma regler som fallen granskas med.",
        "The tables are worked out by the same rules that cases are checked by.",
    ),
    "caption": ("Laskettuja päiviä: {0}", "Uträknade dagar: {0}", "Worked dates: {0}"),
    "why this day": ("Miksi tämä päivä", "Varför den här dagen", "Why this day"),
    "ordinary day": ("tavallinen päivä", "vanlig dag", "an ordinary day"),
    "end of month": ("kuukauden viimeinen päivä", "månadens sista dag", "last day of a month"),
    "leap year": ("karkausvuosi", "skottår", "leap year"),
    "leap day": ("karkauspäivä", "skottdag", "leap day"),
    "year end": ("vuoden viimeinen päivä", "årets sista dag", "last day of the year"),
    "meets saturday": ("osuu lauantaihin", "infaller på en lördag", "falls on a Saturday"),
    "meets midsummer": ("osuu juhannusaattoon", "infaller på midsommarafton", "falls on Midsummer Eve"),
    "meets christmas": ("osuu jouluaattoon", "infaller på julafton", "falls on Christmas Eve"),
    "limits so counted": ("Näin lasketaan", "Så här räknas", "Counted in this way"),
    "exception": ("poikkeus: {0}", "undantag: {0}", "exception: {0}"),
    "without scripts": (
        "Laskuri tarvitsee selaimen skriptit. Lasketut päivät ovat alempana ilman niitäkin.",
        "Räknaren behöver webbläsarens skript. De uträknade dagarna finns längre ned också utan dem.",
        "The calculator needs the browser's scripts. The worked dates stand below without them, too.",
    ),
    # what is not counted
    "not counted": (
        "Määräajat, joita laskuri ei laske",
        "Tidsfrister som räknaren inte räknar",
        "Limits that the calculator does not count",
    ),
    "not counted lead": (
        "Näiden viimeistä päivää ei saa yhdestä päivästä ja luvusta.",
        "Den sista dagen för dessa fås inte av en enda dag och ett tal.",
        "The last day of these does not follow from one date and a number.",
    ),
    "why unset": ("lähteissä ei ole lukua: {0}", "talet finns inte i källorna: {0}", "the sources give no number: {0}"),
    "why several": ("tarvitaan useita tietoja: {0}", "flera uppgifter behövs: {0}", "several facts are needed: {0}"),
    "why recorded": ("kirjattu päivä", "ett antecknat datum", "a date on record"),
    "why fixed": ("kiinteä päivä", "ett fast datum", "a fixed date"),
}
