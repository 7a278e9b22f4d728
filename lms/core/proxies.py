"""Proxies in front: those that the settings name are believed, and no others are guessed at."""

from http import HTTPStatus

import structlog
from flask import Flask, request
from werkzeug.http import parse_list_header
from werkzeug.middleware.proxy_fix import ProxyFix

from lms.core.errors import Refusal

RELAYED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP")
"""What proxies add that stand in front of a service."""

log = structlog.get_logger()


class ProxiesMisnamed(Refusal):
    """Nobody knows who asks: other proxies than the settings name, or none that can be read."""

    http_status = HTTPStatus.BAD_REQUEST


def init_proxies(app: Flask, *, proxies: int, secure: bool) -> None:
    """Let *app* believe as many *proxies* as its settings name, and refuse what came otherwise.

    *secure*: browsers reach it by TLS. Health checks come from inside, and are answered always.
    """
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]

    @app.before_request
    def check() -> None:
        if request.blueprint != "health":
            _check(proxies, secure)


def _check(proxies: int, secure: bool) -> None:
    relayed = [name for name in RELAYED if name in request.headers]
    if proxies == 0 and (relayed or (secure and request.scheme == "http")):
        log.error("proxy_not_named", by=relayed or ["no TLS"])
        raise ProxiesMisnamed(
            "This request came through a proxy that the settings do not name, so nobody here can "
            "know who asks. Set LMS_PROXIES to how many proxies stand in front."
        )
    if proxies == 0:
        return
    relayed_for = request.headers.get("X-Forwarded-For", "")
    addresses = [address.strip() for address in relayed_for.split(",")] if relayed_for else []
    if parse_list_header(relayed_for) != addresses:  # as `ProxyFix` reads it: a quote joins some
        log.warning("proxy_unreadable", named=proxies)
        raise ProxiesMisnamed(
            "What this request says of its way here is no list of addresses, so nobody here can "
            "know who asks. Send it without an X-Forwarded-For of your own."
        )
    if len(addresses) < proxies:
        log.error("proxy_missing", named=proxies)
        raise ProxiesMisnamed(
            "This request came through fewer proxies than the settings name, so nobody here can "
            "know who asks. Have each proxy add X-Forwarded-For, or set LMS_PROXIES to fewer."
        )
