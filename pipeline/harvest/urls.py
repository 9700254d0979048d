"""Addresses as feeds give them, mended to what a browser would make of them."""

from __future__ import annotations

import re

import httpx

MAX_LENGTH = 2048
MAX_PORT = 65535
# Percent-encoded and bare control characters and blanks, which feeds leave at the ends (`…pdf%0A`).
ENDS = re.compile(r"^(?:%0[0-9a-f]|%20|[\x00-\x20\x7f\xa0])+|(?:%0[0-9a-f]|%20|[\x00-\x20\x7f\xa0])+$", re.IGNORECASE)
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):(?!\d)", re.IGNORECASE)
# `jdih.blora.go.id/files/6.pdf`: a host, not a folder; but `download.php/6` is no host.
HOST = re.compile(r"(?:[a-z0-9-]{1,63}\.)+(?:[a-z]{2,24}|\d{1,3})(?::\d{1,5})?/", re.IGNORECASE)
SCRIPT = re.compile(r"\.(?:php\d?|phtml|asp|aspx|jsp|html?|cgi|pdf)/", re.IGNORECASE)


class BadUrlError(Exception):
    """No address that can be asked; the message says why."""


def mended(given: str, feed: httpx.URL) -> httpx.URL:
    """The address of a file as a feed gives it: without a scheme, relative, with blanks or line ends.

    Raises BadUrlError.
    """
    text = ENDS.sub("", given)
    text = CONTROL.sub("", text).replace("\\", "/")
    if not text:
        raise BadUrlError("nothing but blanks")
    host = HOST.match(text)
    if host and not SCRIPT.search(host.group()):
        text = f"{feed.scheme}://{text}"
    elif (scheme := SCHEME.match(text)) and scheme[1].lower() not in ("http", "https"):
        raise BadUrlError(f"the scheme {scheme[1]}: is neither http nor https")
    try:
        if (alone := httpx.URL(text)).scheme and not alone.host:
            raise BadUrlError("without a host")
        return checked(feed.join(text))
    except httpx.InvalidURL as error:
        raise BadUrlError(str(error)) from error


def checked(url: httpx.URL) -> httpx.URL:
    """The address without its fragment, where it is one of http(s), with a host, of a sane length, without a password.

    Raises BadUrlError.
    """
    if url.scheme not in ("http", "https"):
        raise BadUrlError("neither http nor https")
    if not url.host:
        raise BadUrlError("without a host")
    if url.port is not None and url.port > MAX_PORT:
        raise BadUrlError("no such port")
    if len(str(url)) > MAX_LENGTH:
        raise BadUrlError(f"longer than {MAX_LENGTH} characters")
    if url.userinfo:
        raise BadUrlError("it holds a user name or password")
    return url.copy_with(fragment=None)


def typed(given: str) -> httpx.URL:
    """The feed's address as typed by a person. Raises BadUrlError."""
    try:
        return checked(httpx.URL(given.strip()))
    except httpx.InvalidURL as error:
        raise BadUrlError(str(error)) from error
