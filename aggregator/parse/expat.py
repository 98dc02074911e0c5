"""Which libexpat may read documents: one that bounds what entities expand to."""

from xml.parsers import expat

from aggregator.errors import ParserFailedError

_OLDEST = (2, 4, 1)


def refuse_old_expat(version: tuple[int, int, int] = expat.version_info) -> None:
    """Raise `ParserFailedError` if this libexpat does not bound what entities expand to.

    libexpat 2.4.1 brought the protection (CVE-2013-0340) in a form that holds.
    """
    if version < _OLDEST:
        has, needs = (".".join(map(str, one)) for one in (version, _OLDEST))
        raise ParserFailedError(
            f"Python was built with libexpat {has}, which hostile feeds can exhaust:"
            f" install a Python with libexpat {needs} or newer."
        )
