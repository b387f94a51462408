"""The words that the language keeps for itself, and those that people write in their place."""

from __future__ import annotations

# The pattern of names in `grammar.lark` leaves these out; a test keeps the two in step.
RESERVED = frozenset(
    "and or not in is if then else where satisfies every some no exactly each the includes due true false".split()  # noqa: SIM905
)
OPENERS = frozenset({"every", "some", "no", "exactly", "each", "the", "if"})
AGGREGATES = frozenset({"sum", "average", "earliest", "latest", "min", "max"})
UNITS = ("h", "min", "day", "days", "week", "weeks", "month", "months", "year", "years", "EUR", "%")

# What people write for a unit, in three languages.
UNIT_WORDS: dict[str, str] = {
    word: unit
    for unit, words in {
        "h": "hour hours hr hrs tunti tuntia t timme timmar tim",
        "min": "minute minutes mins minuutti minuuttia minut minuter mn m",
        "days": "d päivä päivää pv pvä vrk dag dagar dygn",
        "weeks": "w wk wks viikko viikkoa vk vko vecka veckor",
        "months": "mo mos kuukausi kuukautta kk månad månader mån",
        "years": "y yr yrs vuosi vuotta v år",
        "EUR": "eur euro euros euroa e",
        "%": "percent percents per_cent prosentti prosenttia pros pct procent",
    }.items()
    for word in words.split()
}

NUMBER_WORDS: dict[str, int] = {
    word: number
    for number, words in {
        0: "zero nolla noll",
        1: "one yksi yhden ett",
        2: "two kaksi kahden två",
        3: "three kolme kolmen tre",
        4: "four neljä neljän fyra",
        5: "five viisi viiden fem",
        6: "six kuusi kuuden sex",
        7: "seven seitsemän sju",
        8: "eight kahdeksan åtta",
        9: "nine yhdeksän nio",
        10: "ten kymmenen tio",
    }.items()
    for word in words.split()
}

# Words that stand after a value where an operator should.
OPERATOR_WORDS: dict[str, str] = {
    word: advice
    for advice, words in {
        "write a range with both ends, `x in a .. b`": "between väliltä mellan",
        "write a range with two dots, `a .. b`": "to until till through thru upto asti saakka",
        "write `=`": "equals equal eq on är",
        "write `and`": "ja och plus but",
        "write `or`": "tai eller nor xor either",
        "write `includes`": "contains contain has have having include containing",
        "write `is present` or `is missing`": "exists exist present missing absent empty null",
        "write `<`": "before less smaller under below earlier",
        "write `>`": "after more greater over above larger later",
        "write `=` for the same value, or `in` for one of several": "like matches match",
        "write `x is late for d`": "late",
        "write a `where` after the list, `day in days where …`": "with having_that such that whose when",
        "an exception is an entry of the rule's `unless`": "unless except",
        "write `else`": "otherwise elif muuten annars",
        "write `/` for a division": "div mod",
        "write `*` for a multiplication": "times",
        "write `not in`": "outside",
        "write `due by` and a date": "within deadline viimeistään senast",
        "write `satisfies`": "satisfy has_to must should holds täyttää",
    }.items()
    for word in words.split()
}

# What people call the aggregates.
AGGREGATE_WORDS: dict[str, str] = {
    word: name
    for name, words in {
        "sum": "total summa add yhteensä",
        "average": "mean avg keskiarvo medel",
        "count": "number len length size lukumäärä antal",
        "earliest": "first ensimmäinen första",
        "latest": "last viimeinen sista",
        "max": "maximum biggest largest",
        "min": "minimum smallest",
    }.items()
    for word in words.split()
}

# Words that stand in front of a value or a list where one of ours should.
OPENING_WORDS: dict[str, str] = {
    "all": "write `every`",
    "kaikki": "write `every`",
    "jokainen": "write `every`",
    "alla": "write `every`",
    "any": "write `some`",
    "jokin": "write `some`",
    "någon": "write `some`",
    "none": "write `no`",
    "ei": "write `not`, or `no` before a list",
    "inte": "write `not`, or `no` before a list",
    "jos": "write `if`",
    "om": "write `if`",
    "there": "write `some day in days where …`",
    "when": "write `if … then … else …`",
    "only": "write `exactly 1`, or `the` for the one that there is",
    "foreach": "write `every day in days satisfies …`",
    "least": "write `at least`",
    "most": "write `at most`",
    "atleast": "write `at least`",
    "atmost": "write `at most`",
    "minimum": "write `at least`",
    "maximum": "write `at most`",
    "without": "write `not`",
}
