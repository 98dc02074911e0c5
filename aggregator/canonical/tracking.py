"""Parameters of an address that say how a reader came, or who he is, and never which page he sees.

A name stands here if it is one of a known service or one that publishers put into their feeds'
links. A name that may choose a page counts only with a value that says "from a feed", or at one
host.
"""

import re
from urllib.parse import unquote

_NAMES = frozenset({
    "__hsfp", "__hssc", "__hstc", "__s", "__twitter_impression", "_bhlid", "_branch_match_id",
    "_branch_referrer", "_ga", "_gl", "_hsenc", "_hsmi", "_openstat", "amp_gsa", "amp_js_v",
    "amp_tf", "at_format", "at_medium", "at_ptr_name", "cjevent", "cmp", "cmpid", "dclid", "dicbo",
    "emc", "epik", "fb_action_ids", "fb_action_types", "fb_comment_id", "fb_ref", "fb_source",
    "fbclid", "feedname", "feedtype", "ftag", "gad_campaignid", "gad_source", "gbraid", "gclid",
    "gclsrc", "guccounter", "guce_referrer", "guce_referrer_sig", "hootpostid", "hsctatracking",
    "igsh", "igshid", "intcid", "intcmp", "irclickid", "jsessionid", "li_fat_id", "maca", "mkt_tok",
    "ml_subscriber", "ml_subscriber_hash", "msclkid", "ncid", "ocid", "origincountry", "phpsessid",
    "rb_clickid", "rdt_cid", "ref_src", "ref_url", "s_cid", "sc_cid", "sccid", "smid", "smtyp",
    "sr_share", "srsltid", "taid", "tblci", "traffic_source", "ttclid", "twclid",
    "unlocked_article_code", "usqp", "wbraid", "wickedid", "wt_mc", "wt_zmc", "xtor", "xtref",
    "yclid", "ysclid",
})  # fmt: skip
_PREFIXES = (
    "at_bbc_", "at_campaign", "at_custom", "at_link_", "hsa_", "matomo_", "mc_", "mtm_", "ns_",
    "oly_", "piwik_", "pk_", "utm_", "vero_",
)  # fmt: skip
_ORIGINS = frozenset({
    "campaign", "cid", "eref", "from", "icid", "ito", "medium", "output", "partner", "ref",
    "referrer", "source", "src", "via", "wpsrc",
})  # fmt: skip
_FROM_A_FEED = re.compile(r"rss2?(?:[-_]?feeds?)?(?:[-_.:].*)?|feeds?", re.IGNORECASE)
_AT_HOSTS = {
    "news.google.com": frozenset({"oc"}),
    "open.spotify.com": frozenset({"si"}),
    "tiktok.com": frozenset({"_r", "_t"}),
    "twitter.com": frozenset({"s", "t"}),
    "x.com": frozenset({"s", "t"}),
    "youtu.be": frozenset({"feature", "si"}),
    "youtube.com": frozenset({"ab_channel", "feature", "pp", "si"}),
}


def is_tracking(pair: str, host: str) -> bool:
    """Tell whether ``name=value`` only tracks the reader at this host (ASCII, lower case).

    A name keeps the ``amp;`` of an ampersand that was escaped twice.
    """
    name, _, value = pair.partition("=")
    name = unquote(name).lower().removeprefix("amp;")
    if name in _ORIGINS:
        return bool(_FROM_A_FEED.fullmatch(value))
    known = name in _NAMES or name.startswith(_PREFIXES)
    return known or name in _AT_HOSTS.get(host.removeprefix("www."), ())
