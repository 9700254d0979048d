"""Which region an agency serves: by the place behind its name, else the region of the act."""

from __future__ import annotations

from extractors.acts.regions import bare_name, province_of, region_named
from extractors.lookups import vocabulary
from extractors.models import AgencyMention, Region

KINDS = ("kabupaten", "kota", "provinsi")


def region_of(mention: AgencyMention, own: Region | None) -> Region | None:
    """The region whose office the mention is, where the act is one of region `own`.

    None for offices of the state (`data/agencies.toml`), and where the place behind the name is no region known.
    """
    state = vocabulary("agencies")["state"]
    if mention.office and (mention.office.kind in state["kinds"] or mention.office.name in state["names"]):
        return None
    words = mention.place.removeprefix("se-").split()
    kinds = tuple(word.casefold() for word in words if word.casefold() in KINDS)
    name = " ".join(word for word in words if word.casefold() not in KINDS)
    if not name:
        provincial = "provinsi" in (*kinds, *(mention.office.office.split("-") if mention.office else ()))
        return province_of(own) if own and provincial else own
    if own and name.casefold() == bare_name(own).casefold() and (not kinds or own.kind in kinds):
        return own
    return region_named(name, kinds or KINDS)
