"""TLS on a connection that is made already: whose word about a server counts, and how long.

The name that is verified is the host's, whatever address the guard has let us connect to.
"""

import contextlib
import socket
import ssl
from functools import cache
from pathlib import Path

import httpx

from aggregator.errors import TlsFailedError, UsageError
from aggregator.fetch.patience import Patience


@cache
def tls_context(ca_bundle: Path | None) -> ssl.SSLContext:
    """Return what verifies servers: a file of authorities, None for the public ones; built once.

    Raises `UsageError` for a file that cannot be used: it was there when it was configured.
    """
    try:
        context = (
            httpx.create_ssl_context(trust_env=False)
            if ca_bundle is None
            else ssl.create_default_context(cafile=ca_bundle)
        )
    except OSError as error:  # ssl.SSLError among them
        raise UsageError(
            f"poll.ca_bundle, {ca_bundle}, cannot be used: {error.strerror or error}."
        ) from error
    context.set_alpn_protocols(["http/1.1"])
    return context


@cache
def unverified_context() -> ssl.SSLContext:
    """Return what takes any certificate; built once."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_alpn_protocols(["http/1.1"])
    return context


def secured(
    plain: socket.socket, host: str, patience: Patience, tls: ssl.SSLContext
) -> socket.socket:
    """Do the handshake and return the connection; raises TlsFailedError, and then closes it."""
    with (
        contextlib.ExitStack() as closing,
        patience.within(patience.timeouts.tls, "did not finish the TLS handshake") as seconds,
    ):
        closing.callback(plain.close)
        plain.settimeout(seconds)
        try:
            secured = tls.wrap_socket(plain, server_hostname=host.rstrip("."))
        except TimeoutError:
            raise
        except ssl.SSLCertVerificationError as error:
            raise TlsFailedError(
                f"The certificate of {patience.source} is not valid: {error.verify_message}."
            ) from error
        except OSError as error:
            raise TlsFailedError(
                f"{patience.source} broke off the TLS handshake: {error.strerror or error}."
            ) from error
        closing.pop_all()
        return secured
