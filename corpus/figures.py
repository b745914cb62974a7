"""The figures of a text, whatever their typography: numbers, quantities with their units, dates, article numbers. Standard library only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

__all__ = ["Quantity", "borne_out", "numbers", "plain", "plain_numbers", "quantities", "same"]

NUMBER = re.compile(r"\d+(?:\.\d+)*")

# What a text calls each unit, after the number unless it says otherwise; the first that fits is taken. Words in any case,
# symbols as they are written: « g » is a gram, « G » is not.
WORD_UNITS = {
    "%": r"pour cent|pourcents?|percent|per cent",
    "points": r"points?|pts?",
    "t": r"tonnes?|tons?",
    "kg": r"kilos?|kilogrammes?|kilograms?",
    "g": r"grammes?|grams?",
    "an": r"ans?|années?|years?|annuit[ée]s?",
    "mois": r"mois|months?",
    "semaine": r"semaines?|weeks?",
    "jour": r"jours?|days?|journées?",
    "h": r"heures?|hours?",
    "min": r"minutes?|mins?|mn",
    "ms": r"millisecondes?|milliseconds?",
    "s": r"secondes?|seconds?|sec",
    "€": r"euros?|EUR",
    "$": r"dollars?",
    "Ko": r"kilo-?octets?",
    "Mo": r"méga-?octets?",
    "Go": r"giga-?octets?",
    "o": r"octets?",
    "l": r"litres?|liters?",
    "m3": r"mètres? cubes?",
    "m2": r"mètres? carrés?",
    "km": r"kilomètres?",
    "cm": r"centimètres?",
    "m": r"mètres?",
    "pouces": r"pouces?|inch(?:es)?",
    "habitants": r"habitants?|inhabitants?",
    "dB": r"décibels?|decibels?",
    "W": r"watts?",
    "°C": r"degrés?(?: celsius)?",
}
SYMBOL_UNITS = {
    "%": r"%",
    "kWh": r"[kK][wW]h",
    "MWh": r"MWh",
    "GWh": r"GWh",
    "TWh": r"TWh",
    "Wh": r"Wh",
    "kW": r"[kK]W",
    "MW": r"MW",
    "GW": r"GW",
    "W": r"W",
    "€": r"€",
    "$": r"\$",
    "Mbit/s": r"Mbit/s|Mb/s|Mbps",
    "Go": r"Go|GB|Gb",
    "Mo": r"Mo|MB",
    "Ko": r"[kK]o|[kK]B",
    "To": r"To|TB",
    "kg": r"[kK]g",
    "mg": r"mg",
    "g": r"g",
    "t": r"t",
    "m3": r"m3",
    "m2": r"m2",
    "km": r"km",
    "cm": r"cm",
    "mm": r"mm",
    "ms": r"ms",
    "min": r"min",
    "h": r"[hH](?=\d\d\b)|[hH]",
    "s": r"s",
    "°C": r"° ?C",
    "dB": r"d[bB](?:\(?A\)?)?",
}
SCALES = {
    "": 1,
    "mille": 10**3,
    "million": 10**6,
    "milliard": 10**9,
    "thousand": 10**3,
    "billion": 10**9,
    "k": 10**3,
    "K": 10**3,
    "M": 10**6,
    "Md": 10**9,
    "G": 10**9,
}
# A unit that holds its multiplier: « Mt » is millions of tonnes.
SCALED_UNITS = {
    "kt": ("t", "k"),
    "Mt": ("t", "M"),
    "k€": ("€", "k"),
    "K€": ("€", "K"),
    "M€": ("€", "M"),
    "Md€": ("€", "Md"),
}
MASSES = ("t", "kg", "g", "mg")
WORDS = {
    word: value
    for value, word in enumerate(
        "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize".split()
    )
    if value
} | {"une": 1, "vingt": 20, "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "cent": 100, "cents": 100, "mille": 1000}  # fmt: skip
WORD_NUMBER = "|".join(sorted(WORDS, key=len, reverse=True))
MONTHS = {
    name: month
    for month, names in enumerate(
        (
            "janvier janv january jan",
            "février fevrier févr february feb",
            "mars march mar",
            "avril april avr apr",
            "mai may",
            "juin june jun",
            "juillet july juil jul",
            "août aout august aug",
            "septembre september sept sep",
            "octobre october oct",
            "novembre november nov",
            "décembre decembre december déc dec",
        ),
        start=1,
    )
    for name in names.split()
}
MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
CO2 = r"(?:\s*(?:(?:d[’']\s?|de |en )?(?:équivalents?|équ?\.?|equ?\.?|e)[\s-]*)?(?:CO2)(?:[\s-]*\(?(?:équivalents?|équ?\.?|equ?\.?|e)\b\)?)?)"

# Units that stand before their number, and before each number of a list: « les articles 16 et 17 ».
PREFIXES = {
    "article": r"articles?|art\.",
    "annexe": r"annexes?",
}
# Not after a letter: « CO2 », « H264 », « i.3 » are names.
START = r"(?:(?<![^\W_])(?<![^\W\d_]\.)(?<!\d[.,])|(?<=\d[hH]))"
DIGITS = r"\d+(?:[.,]\d+)?E[+-]?\d+|\d{1,3}(?: \d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)*"
SCALE = r"(?:\s?(?P<scale>millions?|milliards?|billions?|thousand|mille)\b(?:\s+(?:de|d['’]))?)?"
# A symbol ends where no letter follows it, but for « kgCO2e » and « 14h30 »; « s' » is no second.
TAIL = r"(?:(?=(?:[eé]q)?CO2)|(?![^\W\d_']|')(?:(?<=[hH])|(?!\d)))"
UNIT = (
    r"(?:[\s-]{0,2}(?:(?P<scaled>Mt|kt|Md€|[kKM]€|(?<=[\d ])[kKM]\b)(?:(?=(?:[eé]q)?CO2)|(?![^\W\d_]|/))"
    rf"|(?i:(?P<word>{'|'.join(WORD_UNITS.values())}))\b|(?P<symbol>{'|'.join(SYMBOL_UNITS.values())}){TAIL}))?"
)
DAY = r"(?:1er|3[01]|[12]\d|0?[1-9])"
DATE = re.compile(
    rf"\b(?P<iso>(?:19|20)\d\d-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)\b(?!-?\d)"
    rf"|(?<![\d/])(?P<slashed>(?:3[01]|[12]\d|0?[1-9])/(?:0?[1-9]|1[0-2])/(?:19|20)\d\d)\b"
    rf"|\b(?P<us>(?i:{MONTH})\.? {DAY}(?:st|nd|rd|th)?, (?:19|20)\d\d)\b"
    rf"|(?:\b(?P<days>{DAY}(?:(?:, {DAY})*\s*(?:-|/|\bau\b|\bet\b|\bà\b|\bou\b)\s*{DAY})?)\s*)?\b(?P<month>(?i:{MONTH}))\b\.?(?:\s*,?\s*(?P<year>(?:19|20)\d\d)\b)?"
)
CODE = re.compile(
    r"\b(?:(?P<letter>[LRD])\.?[\s-]?(?:\*\s?)?)?(?P<parts>\d+(?:-\d+)+)\b|(?P<european>\b\d{2,4}/\d+(?=/(?:CEE?|UE|EC|EU)\b)|\b(?:19|20)\d\d/(?!(?:19|20)\d\d\b)\d{3,4}\b(?!/\d))|\b(?P<letter1>[LRD])\.\s?(?P<part>\d{2,})\b(?!-)"
)
FIGURE = re.compile(
    rf"(?:\b(?P<of>(?i:{'|'.join(PREFIXES.values())}))\s+(?:n[°o]\s?)?)?{START}(?:(?P<digits>{DIGITS})|(?<![’'-])\b(?P<words>(?i:(?:{WORD_NUMBER})(?:(?:-et-|-| et | )(?:{WORD_NUMBER}))*))\b(?!-))"
    rf"{SCALE}{UNIT}{CO2}?"
)
ORDINAL = re.compile(r"(?:er|re|ère|e|ème|nd|nde|st|th|rd)s?\b(?!\w)")
JOINED = re.compile(r"\s*(?:à|-|ou|/|to|(et|and))\s*(?:(?:plus|près|moins|environ) (?:d[e']\s?)?)?")
LISTED = re.compile(r"\s*(?:,|,? ?(?:à|-|ou|et|and|to))\s*")
BETWEEN = re.compile(r"\b(?:entre|between)\s*$", re.IGNORECASE)
FRACTION = re.compile(r"\s+(?:tiers|quarts?|demi)", re.IGNORECASE)
# « les neuf critères »; not « un portable neuf plus économe ».
COUNTS = re.compile(
    r"(?:^|[:;,(]\s?|\b(?:les|ces|ses|des|de|en|à|aux|dont|par|sur|pour|et|ou|avec|compte|comporte|comprend)\s)$",
    re.IGNORECASE,
)
COUNTED = re.compile(r"\s(?!plus|dans|sans|mais|puis|sous|alors)\w{3,}[sx]\b")


@dataclass(frozen=True)
class Quantity:
    """A figure as a text gives it. ``kind`` is "number", "date" (``value`` is year-month-day, a part not given is empty) or "code".

    ``value`` of a number is in units, whatever multiplies it (« 1,2 million » is 1200000); ``written`` is the number as it
    stands, without its multiplier; ``other`` the value that it would have if its comma or point set thousands apart.
    """

    text: str
    kind: str
    value: str
    unit: str = ""
    start: int = 0
    written: str = ""
    other: str = ""


def numbers(text: str) -> set[str]:
    """The numbers of a text, whatever their typography: « 2,5 » and "2.5" are one."""
    return set(NUMBER.findall(plain_numbers(text)))


def plain_numbers(text: str) -> str:
    """The text with its thousands joined (« 25 000 », "25,000") and its decimal commas as points."""
    text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)
    return re.sub(r"(?<=\d),(?=\d)", ".", re.sub(r"(?<=\d)[ \u00a0\u202f](?=\d{3}\b)", "", text))


# Each character for one, so that places in the text stay.
PLAIN = str.maketrans(
    {
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
        "\u2010": "-",
        "\u2011": "-",
        "\u2012": "-",
        "\u2013": "-",
        "\u2212": "-",
    }
    | {"’": "'", "ʼ": "'", "₂": "2", "²": "2", "³": "3"}
    | dict.fromkeys("⁰¹⁴⁵⁶⁷⁸⁹", " ")
)


def plain(text: str) -> str:
    """The text with one kind of space, of hyphen and of apostrophe; it keeps its length."""
    return text.translate(PLAIN)


def quantities(text: str) -> list[Quantity]:
    """The figures of a text in their order: dates, codes with hyphens (« L. 541-15 »), numbers in digits and in words.

    Ordinals and fractions in words are none; "un" and "une" are one only before a unit.
    """
    text = plain(text)
    found = list(dates(text))
    found += list(codes(blanked(text, found)))
    found += list(figures(blanked(text, found)))
    return sorted(found, key=lambda quantity: quantity.start)


def blanked(text: str, found: list[Quantity]) -> str:
    """The text with what is found already made unreadable, places kept."""
    for quantity in found:
        end = quantity.start + len(quantity.text)
        text = text[: quantity.start] + "·" * len(quantity.text) + text[end:]
    return text


def dates(text: str) -> Iterator[Quantity]:
    for match in DATE.finditer(text):
        start = match.start()
        if iso := match["iso"]:
            year, month, day = (*iso.split("-"), "")[:3]
            yield Quantity(iso, "date", date_value(year, int(month), day), start=start)
        elif slashed := match["slashed"]:
            day, month, year = slashed.split("/")
            yield Quantity(slashed, "date", date_value(year, int(month), day), start=start)
        elif us := match["us"]:
            name, day, year = re.findall(r"\w+", us)
            yield Quantity(us, "date", date_value(year, MONTHS[name.lower()], re.sub(r"\D", "", day)), start=start)
        elif match["days"] or match["year"]:
            month = MONTHS[match["month"].lower()]
            days = re.findall(r"\d+", match["days"] or "") or [""]
            for day in days:
                yield Quantity(match[0], "date", date_value(match["year"] or "", month, day), start=start)


def date_value(year: str, month: int, day: str) -> str:
    return f"{year}-{month:02}-{day.zfill(2) if day else ''}"


def codes(text: str) -> Iterator[Quantity]:
    """Numbers with hyphens or strokes: articles and texts of law. Two years with a hyphen, or an interval, are numbers."""
    for match in CODE.finditer(text):
        letter, parts = match["letter"] or match["letter1"] or "", match["parts"] or match["part"] or ""
        if match["european"]:
            yield Quantity(match[0], "code", match[0], start=match.start())
            continue
        pieces = parts.split("-")
        if letter or (len(pieces) == 2 and len(pieces[0]) == 4 and int(pieces[1]) not in range(1900, 2101)):
            yield Quantity(match[0], "code", letter + parts, start=match.start())


def figures(text: str) -> Iterator[Quantity]:
    found: list[Quantity] = []
    ends: list[int] = []
    for match in FIGURE.finditer(text):
        number = match["digits"] or match["words"]
        start = match.start("digits") if match["digits"] else match.start("words")
        scale, unit = scale_and_unit(match)
        after = text[match.end("digits") if match["digits"] else match.end("words") :]
        if match["digits"] and not unit and ORDINAL.match(after):
            continue
        if match["words"]:
            unit = "" if unit == "points" else unit
            if FRACTION.match(after) or not says_number(number, unit, text[:start], after):
                continue
            readings = [Decimal(word_value(number))]
        else:
            readings = values_of(number)
        if match["of"]:
            unit = unit or next(
                name for name, names in PREFIXES.items() if re.fullmatch(names, match["of"], re.IGNORECASE)
            )
        elif found and not unit and found[-1].unit in PREFIXES and LISTED.fullmatch(text[ends[-1] : match.start()]):
            unit = found[-1].unit
        quantity = Quantity(
            text[start : match.end()].strip(),
            "number",
            plain_value(readings[0] * scale) if readings else number,
            unit,
            start,
            number.replace(" ", "").replace(",", ".") if match["digits"] else plain_value(readings[0]),
            plain_value(readings[1] * scale) if len(readings) > 1 else "",
        )
        # « 3 à 5 ans » is 3 years to 5 years; a year is no such number.
        if found and (unit or scale != 1) and not found[-1].unit and not is_year(found[-1].written):
            between = text[ends[-1] : match.start()]
            joined = JOINED.fullmatch(between)
            if joined and (not joined[1] or BETWEEN.search(text[: found[-1].start])):
                before = found[-1]
                scaled = scale != 1 and before.value == before.written
                found[-1] = replace(
                    before, unit=unit, value=plain_value(Decimal(before.value) * scale) if scaled else before.value
                )
        found.append(quantity)
        ends.append(match.end())
    yield from found


def is_year(written: str) -> bool:
    return written.isdigit() and 1900 <= int(written) <= 2100


def scale_and_unit(match: re.Match[str]) -> tuple[int, str]:
    """What multiplies a number, and the name of its unit."""
    word = (match["scale"] or "").rstrip("s")
    scale = SCALES[word]
    if scaled := match["scaled"]:
        unit, prefix = SCALED_UNITS.get(scaled, ("", scaled))
        return scale * SCALES[prefix], unit
    if match["word"]:
        unit = next(name for name, names in WORD_UNITS.items() if re.fullmatch(names, match["word"], re.IGNORECASE))
        return scale, unit
    if match["symbol"]:
        return scale, next(name for name, names in SYMBOL_UNITS.items() if re.fullmatch(names, match["symbol"]))
    return scale, ""


def values_of(number: str) -> list[Decimal]:
    """The value of a number in digits, then the one that it has where its comma or point sets thousands apart."""
    number = number.replace(" ", "")
    if "E" in number:
        return [Decimal(number.replace(",", "."))]
    first, *parts = re.split(r"[.,]", number)
    thousands = (
        [Decimal(first + "".join(parts))] if parts and len(first) < 4 and {len(part) for part in parts} == {3} else []
    )
    return thousands if len(parts) > 1 else [Decimal(number.replace(",", ".")), *thousands]


def plain_value(value: Decimal) -> str:
    """A value without exponent or closing zeros."""
    said = f"{value:f}"
    return said.rstrip("0").rstrip(".") if "." in said else said


def says_number(words: str, unit: str, before: str, after: str) -> bool:
    """False for an article (« un », « une »), and where « neuf » says that a thing is new."""
    if words.lower() in ("un", "une"):
        return bool(unit)
    return words.lower() != "neuf" or bool(unit) or bool(COUNTS.search(before) and COUNTED.match(after))


def word_value(words: str) -> int:
    """The value of a number in words: « quatre-vingt-dix », « deux cent mille »."""
    total = current = 0
    for word in re.split(r"-et-|-| et | ", words.lower()):
        value = WORDS[word]
        if value == 1000:
            total, current = total + max(current, 1) * 1000, 0
        elif value == 100 or (value == 20 and current == 4):
            current = max(current, 1) * value
        else:
            current += value
    return total + current


def standing(name: str) -> re.Pattern[str]:
    """What finds a unit that stands apart from any number."""
    patterns = [r"[kM]t"] if name == "t" else [r"[kM]€", "Md€"] if name == "€" else []
    patterns += [SYMBOL_UNITS[name]] if name in SYMBOL_UNITS else []
    pattern = rf"(?<![^\W\d_])(?:{'|'.join(patterns)}){TAIL}" if patterns else ""
    words = WORD_UNITS.get(name)
    return re.compile("|".join(filter(None, [words and rf"(?i:\b(?:{words})\b)", pattern])))


UNIT_STANDS = {name: standing(name) for name in WORD_UNITS | SYMBOL_UNITS}


SCALE_STANDS = {
    10**3: re.compile(r"\bmille|\bmilliers?\b|thousand|(?<![^\W\d_])k(?:t|€)"),
    10**6: re.compile(r"(?i:million)|(?<![^\W\d_])M(?:t|€)"),
    10**9: re.compile(r"(?i:milliard|billion)|Md€"),
}
# Units of one thing, by how many of the first they are.
FAMILIES: tuple[dict[str, Decimal | int], ...] = (
    {"kg": 1, "t": 1000, "g": Decimal("0.001"), "mg": Decimal("0.000001")},
    {"kWh": 1, "Wh": Decimal("0.001"), "MWh": 10**3, "GWh": 10**6, "TWh": 10**9},
    {"W": 1, "kW": 10**3, "MW": 10**6, "GW": 10**9},
)


def borne_out(said: Quantity, found: Quantity, text: str) -> bool:
    """True where ``found``, a figure of ``text``, is ``said``: the same value with the same unit, which may stand apart from it.

    A table has its unit in its head, or in another size: « 2,29E+10 » under « kg » is 22,9 millions de tonnes.
    """
    if not said.unit or said.unit == found.unit:
        return same(said, found)
    if said.kind != "number" or found.kind != "number" or said.unit in PREFIXES:
        return False
    for unit, value in in_units(said):
        if unit == found.unit:
            return plain_value(value) in (found.value, found.other)
        if not found.unit and unit_stands(unit, text):
            if plain_value(value) in (found.value, found.other):
                return True
            for scale, pattern in SCALE_STANDS.items():
                if plain_value(value / scale) == found.value and pattern.search(text):
                    return True
    return False


def in_units(quantity: Quantity) -> Iterator[tuple[str, Decimal]]:
    """A quantity in each unit of its family."""
    family = next((family for family in FAMILIES if quantity.unit in family), {quantity.unit: 1})
    for unit, size in family.items():
        yield unit, Decimal(quantity.value) * family[quantity.unit] / size


def unit_stands(unit: str, text: str) -> bool:
    """True where a text names the unit anywhere: what a table says in its head."""
    return bool(UNIT_STANDS[unit].search(plain(text)))


def same(said: Quantity, found: Quantity) -> bool:
    """True where ``found`` has the value of ``said``, whatever their units. A point is that of a code: « 4.1 » is not « 4.10 »."""
    if said.kind == "number" and found.kind == "date":
        return is_year(said.value) and said.value == found.value[:4]
    if said.kind != found.kind:
        return False
    if said.kind == "date":
        return all(
            not part or part == other for part, other in zip(said.value.split("-"), found.value.split("-"), strict=True)
        )
    if said.kind == "code":
        bare = said.value.lstrip("LRD")
        return found.value in (said.value, bare) or (said.value == bare == found.value.lstrip("LRD"))
    if "." in said.text.split(" ")[0] and said.written.count("."):
        return said.written == found.written
    if said.value in (found.value, found.other):
        return True
    # « entre 15 et 50 millions »: the first number leaves its multiplier to the second.
    return not said.unit and said.value == found.written
