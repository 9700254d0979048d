"""The closed list of what becomes of a record of a feed."""

from __future__ import annotations

from pipeline.reasons import Described


class Outcome(Described):
    """What stands in `outcome` of the harvest's manifest."""

    # The folder holds the act.
    NEW = "new", "fetched for the first time"
    CHANGED = "changed", "fetched again: the site has other bytes than the folder had"
    RECORD_CHANGED = "record_changed", "the same file; the feed's record of it is another"
    UNCHANGED = "unchanged", "the folder has it already"

    # Nothing was to be fetched.
    FILTERED = "filtered", "not of the kinds, years or titles asked for"
    OVER_LIMIT = "over_limit", "left for another time: --limit was reached"
    DUPLICATE = "duplicate", "another record of the feed names the same file"
    NO_URL = "no_url", "the feed gives no address of a file"

    # The act did not come.
    BAD_RECORD = "bad_record", "no record, or one larger than any"
    BAD_URL = "bad_url", "the address is none that can be asked"
    PRIVATE_ADDRESS = "private_address", "the address, or where it leads, is not on the public internet"
    UNREACHABLE = "unreachable", "the host has no address, or took no safe connection"
    HTTP_ERROR = "http_error", "the host answered with an error"
    TIMED_OUT = "timed_out", "the host was too slow"
    CUT_OFF = "cut_off", "the connection broke off before the end of the file"
    TOO_LARGE = "too_large", "the file is larger than any that is read"
    NOT_PDF = "not_pdf", "what came is no PDF"
    HOST_DOWN = "host_down", "not tried: the host had failed several times in a row"
    NOT_REACHED = "not_reached", "not tried: the harvest was interrupted"

    @property
    def missed(self) -> bool:
        """Whether an act that should have come did not."""
        return self not in HELD | LEFT


HELD = frozenset({Outcome.NEW, Outcome.CHANGED, Outcome.RECORD_CHANGED, Outcome.UNCHANGED})
LEFT = frozenset({Outcome.FILTERED, Outcome.OVER_LIMIT, Outcome.DUPLICATE, Outcome.NO_URL})
