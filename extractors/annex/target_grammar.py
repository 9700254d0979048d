"""The grammar of target cells, over the letters that `target_tokens` gives to kinds of tokens.

`ITEM` is one target with a number, `TEXT` one without, `LOST` what is left of one; `TIME_CELL` is a time alone.
"""

from __future__ import annotations

import re

# `Tahun: 2024`, `pada 2024-2026`, `2023 dan 2024`, `setiap tahun`, `2024 setiap bulan`; a label whose year is gone.
# A year before a colon, a comparator or, in a list that says the years first, the next number belongs to the next item.
_YEAR = r"(?:Y[:,]?|:)?(?P<year>y)(?:D(?P<until>y)|(?P<more>(?:[,&]{1,2}y)+))?"
_NO_YEAR = r"(?P<label>Y)(?!:?y)[:,]?(?P<junk>[NWwU?]*)"
_TIME = rf"(?P<early>P)?(?:[pD]?{_YEAR}%s|p?(?:Y[:,]?|:)?(?P<period>P)|p?{_NO_YEAR})?(?P<late>P)?"
_LAST_TIME = _TIME % "(?![:C])"
_LEAD = r"(?:T?(?:Y[:,]?)?(?P<lead>y)(?::|(?=[TC])|(?:(?<=[TY]y)|(?<=Y:y))(?=[NR])))?"
_LABEL = r"(?:(?P<target>T)[:,]?|:)?"
# A phrase of words; a number only behind a word that announces one (`usia 6-23 bulan`).
_BEFORE_TIME = r"(?:(?:Y[:,]?)?y|P|Y)"
_PHRASE = rf"(?:[QWUwFS]|p(?!{_BEFORE_TIME})|[,&/D](?=[QWUwA]|p(?!{_BEFORE_TIME}))|b|A(?:C?[Ny](?:D[Ny])?)?)"
ITEM = re.compile(
    rf"""
    {_LEAD}{_LABEL}F*(?P<comparator>C?)F*(?P<money>R?)                   # 2023: 80%
    (?:(?P<between>X)?(?P<low>[Ny])(?P<low_words>B?)b?(?P<low_scale>S?)(?P<low_unit>U?)(?(between)[D&]|D))?R?
    (?P<number>N|y(?=[BbSUr]))(?P<words>B?)(?P<bracket>b?)(?P<scale>S?)
    (?P<unit>r[WU]*|UW*|W(?:[W/]*W)?|w|(?(target)|Y$)|)(?P<unit_words>B?)
    (?P<after>c?)
    (?P<qualifier>(?:[Qp]N|{_PHRASE})*)
    ,?{_TIME % "(?(lead)(?![:CTN])|(?![:C]))"}(?P<aside>b*)
    """,
    re.VERBOSE,
)
TEXT = re.compile(rf"{_LEAD}{_LABEL}(?P<text>C?(?:{_PHRASE}|B)+|N:N|(?=p?P$)),?{_LAST_TIME}")
LOST = re.compile(rf"{_LABEL}[UDw,/]*{_LAST_TIME}")
TIME_CELL = re.compile(_LAST_TIME)
BETWEEN_ITEMS = re.compile(r",?&?")
