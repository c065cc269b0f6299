"""The gates of every request: signed in, or sent to sign in; not too often; private pages never cached."""

from __future__ import annotations

import math
from collections.abc import Callable
from http import HTTPStatus
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from accounts.models import User


class SignedInRequest(HttpRequest):
    """A request behind the sign-in gate, as views name it; never made at run time."""

    user: User
    htmx: HtmxDetails


MINUTE = 60
HOUR = 3600
UNTYPED = {"csrfmiddlewaretoken", "op_id", "base_version", "revision", "seen", "page", "show", "then"}
UNTYPED |= {"next", "aside", "within"}
SIGN_OUT = "account_logout"
PERMISSIONS = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()"


def response_headers(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Headers that every page of ours carries."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        found = request.resolver_match
        if found and found.view_name == SIGN_OUT and request.method == "POST" and response.status_code == 302:
            # What the browser keeps of this person goes with the session: pages, and answers that waited.
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response

    return middleware


def wrong_method_page(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Words for who opens an address that is only sent to, such as a reloaded one: Django's 405 is empty."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not response.content:
            page = render(request, "405.html", status=response.status_code)
            page["Allow"] = response["Allow"]
            return page
        return response

    return middleware


class SignInRequired(LoginRequiredMiddleware):
    """Sends people to sign in; a script gets 401 without a body instead.

    The redirect would end in a 200, which a script takes for "saved". A form that was sent is answered
    with what was typed in it, which the redirect would lose.
    """

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[Any, ...],
        view_kwargs: dict[Any, Any],
    ) -> HttpResponseBase | None:
        redirect = super().process_view(request, view_func, view_args, view_kwargs)
        if redirect is None:
            return None
        if request.headers.get("HX-Request") or "application/json" in request.headers.get("Accept", ""):
            return HttpResponse(status=401)
        if request.method == "POST":
            context = {"typed": typed_in(request), "back": page_before(request)}
            return render(request, "accounts/signed_out.html", context, status=401)
        return redirect


def typed_in(request: HttpRequest) -> list[tuple[str, str]]:
    """What was typed or chosen in the form that was sent, by the names of its fields; no password.

    Nothing where another site's page sent it: its words are not shown as if they were ours.
    """
    if request.method != "POST" or not is_from_here(request):
        return []
    return [
        (name.replace("_", " "), value)
        for name in request.POST
        if name not in UNTYPED and "password" not in name
        for value in request.POST.getlist(name)
        if value.strip()
    ]


def page_before(request: HttpRequest) -> str:
    """The page of ours that the request came from, else the front: a POST's own address is no page."""
    page = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
        return "/"
    return urlsplit(page)._replace(scheme="", netloc="").geturl() or "/"


def is_from_here(request: HttpRequest) -> bool:
    """Whether what the browser says of the page that sent this names our own host; browsers always say it."""
    said = [request.headers[name] for name in ("Origin", "Referer") if request.headers.get(name)]
    try:
        return all(urlsplit(address).netloc == request.get_host() for address in said)
    except ValueError:  # no address at all
        return False


class Limited:
    """Bounds what one person asks for in a minute (settings: LIMITS); who goes beyond waits for the next.

    Counted in the cache. Where that cannot count, everything passes: only sign-in closes then.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if not getattr(view, "login_required", True) or not request.user.is_authenticated:
            return None
        minute, second = divmod(int(timezone.now().timestamp()), MINUTE)
        name = request.resolver_match.view_name if request.resolver_match else ""
        for limited in ("page", f"{request.method} {name}"):
            most = settings.LIMITS.get(limited)
            counted = limited.replace(" ", "-")  # no cache takes a key with a space
            if most and _count(f"limit:{counted}:{request.user.pk}:{minute}") > most:
                return too_many(request, MINUTE - second)
        return None


def _count(key: str, seconds: int = MINUTE) -> int:
    """How often this was asked for, this time included; 0 where the cache cannot count."""
    cache.add(key, 0, 2 * seconds)
    try:
        return cache.incr(key)
    except ValueError:
        return 0


def hour_limit(request: HttpRequest, name: str, most: int) -> int:
    """Count one more of what is limited by the hour; the seconds to wait where it was one too many, else 0.

    Who is signed in is counted by account, anybody else by network address (of IPv6, its first 64 bits).
    """
    who = (
        request.user.pk if request.user.is_authenticated else network_of(get_adapter().get_client_ip(request))
    )
    hour, second = divmod(int(timezone.now().timestamp()), HOUR)
    return HOUR - second if _count(f"limit:{name}:{who}:{hour}", HOUR) > most else 0


def network_of(address: str) -> str:
    """What one subscriber holds: an address of IPv4, or a /64 of IPv6."""
    found = ip_address(address)
    if isinstance(found, IPv6Address) and not found.ipv4_mapped:
        return str(IPv6Network((int(found) >> 64 << 64, 64)))
    return str(getattr(found, "ipv4_mapped", None) or found)


def too_many(request: HttpRequest, seconds: int) -> HttpResponse:
    """That this was asked for too often, and when to come again; what was typed is given back."""
    context = {
        "minutes": math.ceil(seconds / MINUTE),
        "typed": typed_in(request),
        "page_before": page_before(request),
    }
    response = render(request, "429.html", context, status=429)
    response["Retry-After"] = str(seconds)
    return response
