"""Whatever is fetched goes through the one transport whose guard judges addresses: no other way.

Feeds, pages in which feeds are looked for, archives, hubs: all of it. What listens is no way out.
"""

from tests.modules import calls, dotted, imports, modules

NETWORK = frozenset(
    {
        *("aiohttp", "asyncio", "ftplib", "http.client", "http.server", "httpcore", "httpx"),
        *("imaplib", "poplib", "requests", "selectors", "smtplib", "socket", "socketserver"),
        *("ssl", "telnetlib", "urllib.request", "urllib.robotparser", "urllib3", "uvicorn"),
        *("webbrowser", "xmlrpc"),
    }
)
"""Whatever could speak to another machine."""

ALLOWED = {
    "config.poll": "reads the certificates of authorities",
    "demo": "listens on loopback",
    "fetch.client": "hands every request to the transport",
    "fetch.dialling": "connects to the addresses that it is given",
    "fetch.lookup": "asks the system's resolver",
    "fetch.reach": "asks the system's resolver",
    "fetch.routing": "asks the system which way it would take; nothing is sent",
    "fetch.tls": "secures a connection that is made already",
    "fetch.transport": "looks up, judges, and has only what may be dialled be dialled",
    "serve": "listens",
}

CONNECTING = frozenset({"connect", "connect_ex", "create_connection", "sendto", "urlopen"})
DIALLERS = frozenset({"fetch.dialling", "fetch.routing"})


def is_network(name: str) -> bool:
    return any(name == module or name.startswith(f"{module}.") for module in NETWORK)


def test_row_70_only_the_transport_knows_the_network() -> None:
    knowing = {
        name: found
        for path in modules()
        if (found := {one for one in imports(path) if is_network(one)})
        and not {name := dotted(path), name.partition(".")[0]} & ALLOWED.keys()
    }
    assert not knowing


def test_row_70_one_room_connects() -> None:
    connecting = {
        dotted(path)
        for path in modules()
        if CONNECTING & set(calls(path)) and any(map(is_network, imports(path)))
    }
    assert connecting == DIALLERS


def test_row_70_the_transport_dials_what_it_has_judged_and_nobody_else_has_one() -> None:
    users = {
        called: {dotted(path) for path in modules() if called in calls(path)}
        for called in ("Transport", "_dial", "admitted")
    }
    assert users == {
        "Transport": {"fetch.client"},
        "_dial": {"fetch.transport"},
        "admitted": {"fetch.guard", "fetch.transport"},
    }
