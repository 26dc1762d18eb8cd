"""What the web client does: calls over HTTP to a served Odoo."""

import json
import urllib.error
import urllib.request
from http.cookiejar import CookieJar


class RpcError(Exception):
    """The server answered with an error; its text is the message a user reads."""


class Session:
    """A logged-in session, like one browser's."""

    def __init__(self, url, database, login="admin", password="admin"):
        self.url = url
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(CookieJar())
        )
        self.info = self.post(
            "/web/session/authenticate", db=database, login=login, password=password
        )

    def post(self, path, **params):
        """Post one JSON-RPC request; return its result.

        :raises RpcError: the server reports an error
        """
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}).encode()
        request = urllib.request.Request(
            self.url + path, body, {"Content-Type": "application/json"}
        )
        with self.opener.open(request, timeout=300) as answer:
            answer = json.loads(answer.read())
        if "error" in answer:
            data = answer["error"].get("data") or answer["error"]
            raise RpcError(data.get("message") or str(data))
        return answer.get("result")  # left out when there is none

    def call(self, model, method, *args, **kwargs):
        """Call a model's method as the web client does."""
        return self.post(
            f"/web/dataset/call_kw/{model}/{method}",
            model=model, method=method, args=list(args), kwargs=kwargs,
        )
