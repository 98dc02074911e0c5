"""The addresses of pictures that only count who reads what."""

import re

from aggregator.urls import host, resolve

# Hosts that serve nothing else; their subdomains are meant, too.
_HOSTS = frozenset({
    "2o7.net", "addtoany.com", "buysellads.com", "chartbeat.net", "counter.theconversation.com",
    "counter.yadro.ru", "doubleclick.net", "feeds.wordpress.com", "feedsportal.com",
    "google-analytics.com", "googlesyndication.com", "googletagmanager.com", "hits.theguardian.com",
    "imrworldwide.com", "mc.yandex.ru", "pheedo.com", "pixel.parsely.com", "pixel.propublica.org",
    "pixel.wp.com", "pixiedust-buzzfeed.com", "quantserve.com", "scorecardresearch.com",
    "stats.wordpress.com", "statcounter.com", "top.mail.ru", "tracking.feedpress.com",
    "tracking.feedpress.it", "xiti.com",
})  # fmt: skip
# Parts of addresses that only such pictures have, on whichever host.
_PATHS = re.compile(
    r"//(?:feeds\.feedburner\.com|feedproxy\.google\.com|feeds\.[\w.-]+)/~(?:r|ff|a|f|4)/"
    r"|//(?:www\.)?facebook\.com/tr[/?]"
    r"|//blogger\.googleusercontent\.com/tracker/"
    r"|//bat\.bing\.com/action/"
    r"|//t\.co/i/adsct"
    r"|/(?:matomo|piwik)\.php\?"
    r"|/track/open\.php\?",
    re.IGNORECASE,
)


def counts_readers(address: str) -> bool:
    """Tell whether a picture has an address that is known to count readers."""
    absolute = resolve(None, address)
    name = host(absolute) if absolute else None
    if absolute is None or name is None:
        return False
    labels = name.split(".")
    is_known = any(".".join(labels[start:]) in _HOSTS for start in range(len(labels) - 1))
    return is_known or _PATHS.search(absolute) is not None
