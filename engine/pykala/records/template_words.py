"""What the instruction sheet and the notes of a template say, in the three languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pykala.policy.model import Lang


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of one language; `{none}` is the word for "recorded as none"."""

    instructions: tuple[str, ...]
    sheets: str
    group: str
    list_of_rows: str
    list_of_values: str
    not_offered: tuple[str, str]
    types: Mapping[str, str]
    """How a value of a type is written, by the name of the type."""


WORDS: dict[Lang, Words] = {
    "fi": Words(
        (
            "Kirjoita ensimmäiselle taulukkosivulle yksi rivi jokaisesta tietueesta ja muille sivuille luetteloiden rivit.",
            "Jokaisella rivillä on tietueen tunniste. Tunniste ei saa olla nimi eikä henkilötunnus.",
            "Tähdellä (*) merkityt sarakkeet on täytettävä.",
            "Jätä solu tyhjäksi, jos tietoa ei ole annettu. Silloin tarkastus pitää sitä tuntemattomana, ellei tiedon "
            "puuttuminen jo tarkoita, ettei asiaa ole.",
            "Kirjoita soluun ”{none}”, jos on kirjattu, ettei asiaa ole.",
            "Päivämäärä: Excelin päivämäärä tai 2025-04-01 tai 1.4.2025. Kesto: 5:40 tai 5 h 40 min. Raha: 30,50. "
            "Osuus: 0,5 %. Aika: 14 päivää, 2 viikkoa, 13 kuukautta.",
            "Rivit voivat olla missä järjestyksessä tahansa. Sarakkeita voi poistaa ja siirtää, mutta ei nimetä uudelleen.",
            "Piilotetulla rivillä 1 ovat sarakkeiden nimet koneita varten: älä muuta niitä.",
            "Mitä ei voida lukea, luetellaan sivun ja rivin kanssa. Tietuetta, jolla on virheellinen rivi, ei tarkasteta.",
        ),
        "Taulukkosivut ja niiden nimet koneita varten:",
        "Valitse ”kyllä”, jos asia on, vaikka siitä ei tiedetä muuta; ”ei ole”, jos sitä ei ole; muuten jätä tyhjäksi.",
        "Rivit kirjoitetaan omalle sivulleen. Kirjoita tähän ”ei ole”, jos rivejä ei ole.",
        "Kirjoita arvot omalle sivulleen tai tähän puolipistein erotettuina; ”ei ole”, jos niitä ei ole.",
        ("Arvo ei ole luettelossa", "Valitse arvo luettelosta tai jätä solu tyhjäksi."),
        {
            "DateType": "Päivämäärä, esimerkiksi 1.4.2025",
            "ExactTimeType": "Kesto, esimerkiksi 5:40 tai 5 h 40 min",
            "MoneyType": "Euroja, esimerkiksi 30,50",
            "ShareType": "Osuus, esimerkiksi 0,5 %",
            "CalendarTimeType": "Aika, esimerkiksi 14 päivää tai 13 kuukautta",
            "CountType": "Kokonaisluku",
            "NumberType": "Luku",
        },
    ),
    "sv": Words(
        (
            "Skriv en rad för varje post på det första bladet och listornas rader på de andra bladen.",
            "Varje rad har postens beteckning. Beteckningen får varken vara ett namn eller en personbeteckning.",
            "Kolumner med en stjärna (*) ska fyllas i.",
            "Lämna cellen tom om uppgiften inte har lämnats. Då är den okänd vid granskningen, om inte avsaknaden redan "
            "betyder att saken inte finns.",
            "Skriv ”{none}” i cellen om det har antecknats att saken inte finns.",
            "Datum: ett Exceldatum eller 2025-04-01 eller 1.4.2025. Längd: 5:40 eller 5 h 40 min. Pengar: 30,50. "
            "Andel: 0,5 %. Tid: 14 dagar, 2 veckor, 13 månader.",
            "Raderna får stå i vilken ordning som helst. Kolumner kan tas bort och flyttas men inte byta namn.",
            "På den dolda raden 1 står kolumnernas namn för maskiner: ändra dem inte.",
            "Det som inte kan läsas räknas upp med blad och rad. En post som har en felaktig rad granskas inte.",
        ),
        "Bladen och deras namn för maskiner:",
        "Välj ”ja” om saken finns även om inget annat är känt, ”finns inte” om den inte finns; lämna annars tomt.",
        "Raderna skrivs på ett eget blad. Skriv ”finns inte” här om det inte finns några rader.",
        "Skriv värdena på ett eget blad eller här med semikolon emellan; ”finns inte” om det inte finns några.",
        ("Värdet finns inte i listan", "Välj ett värde i listan eller lämna cellen tom."),
        {
            "DateType": "Datum, till exempel 1.4.2025",
            "ExactTimeType": "Längd, till exempel 5:40 eller 5 h 40 min",
            "MoneyType": "Euro, till exempel 30,50",
            "ShareType": "Andel, till exempel 0,5 %",
            "CalendarTimeType": "Tid, till exempel 14 dagar eller 13 månader",
            "CountType": "Heltal",
            "NumberType": "Tal",
        },
    ),
    "en": Words(
        (
            "Write one row for each record on the first sheet, and the rows of the lists on the other sheets.",
            "Each row has the record's identifier, which must be neither a name nor a personal identity code.",
            "Columns marked with an asterisk (*) must be filled in.",
            "Leave a cell empty if the fact is not given. The check then takes it as unknown, unless its absence already "
            "means that there is none.",
            "Write “{none}” in the cell if it is recorded that there is none.",
            "Date: an Excel date, or 2025-04-01, or 1.4.2025. Length: 5:40 or 5 h 40 min. Money: 30.50. "
            "Share: 0.5 %. Time: 14 days, 2 weeks, 13 months.",
            "Rows may stand in any order. Columns can be deleted and moved, but not renamed.",
            "The hidden row 1 holds the columns' names for machines: do not change it.",
            "What cannot be read is listed with its sheet and row. A record with a broken row is not checked.",
        ),
        "The sheets and their names for machines:",
        "Choose “yes” if there is one even if nothing else is known of it, “none” if there is none; else leave it empty.",
        "The rows stand on a sheet of their own. Write “none” here if there are no rows.",
        "Write the values on a sheet of their own, or here with semicolons between them; “none” if there are none.",
        ("The value is not in the list", "Choose a value from the list, or leave the cell empty."),
        {
            "DateType": "A date, for example 2025-04-01",
            "ExactTimeType": "A length, for example 5:40 or 5 h 40 min",
            "MoneyType": "Euros, for example 30.50",
            "ShareType": "A share, for example 0.5 %",
            "CalendarTimeType": "A time, for example 14 days or 13 months",
            "CountType": "A whole number",
            "NumberType": "A number",
        },
    ),
}
