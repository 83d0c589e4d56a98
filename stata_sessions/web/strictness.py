"""Requests that two servers could read in two ways, refused before anything is made of them.

Waitress refuses most of them itself. What it bears with could still let a proxy in front take two
requests for one: RFC 9112 (3.2, 5.2, 6.1, 6.3) lets a server refuse these, or tells it to.
"""

from __future__ import annotations

import re

from waitress.parser import HTTPRequestParser, ParsingError

_FOLDED = re.compile(rb"\r\n[ \t]")


class StrictParser(HTTPRequestParser):
    """The parser of one request."""

    def parse_header(self, header_plus: bytes) -> None:
        """Read the head of a request; a ParsingError becomes a 400 and closes the connection."""
        if _FOLDED.search(header_plus):
            raise ParsingError("A header is folded")
        try:
            super().parse_header(header_plus)
        except ValueError:  # more digits than Python turns into a number
            raise ParsingError("Content-Length is invalid") from None
        if self.chunked and "CONTENT_LENGTH" in self.headers:
            raise ParsingError("Both Content-Length and Transfer-Encoding say how long it is")
        if "TRANSFER_ENCODING" in self.headers:
            raise ParsingError("Transfer-Encoding belongs to HTTP/1.1")
        if self.version == "1.1" and "HOST" not in self.headers:
            raise ParsingError("The Host header is missing")
