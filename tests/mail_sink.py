"""A real mail server for tests: keeps what it takes, and answers or dies as it is told."""
# ruff: noqa: ARG002 - aiosmtpd gives every argument

from __future__ import annotations

import email
import os
import queue
import signal
import socket
from email import policy

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP


class Sink:
    """A server on a free port of this machine; `letters` are what it took."""

    def __init__(self):
        self.letters = []
        self.answer_rcpt = None
        self.answer_data = None
        self.hang_up_after_data = False
        self.kill_at = None
        self.prey = queue.Queue()

    def __enter__(self):
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()
        return self

    def __exit__(self, *_):
        self._controller.stop()

    async def handle_RCPT(self, server: SMTP, session, envelope, address, options):  # noqa: N802
        self._kill("addressed")
        if self.answer_rcpt:
            return self.answer_rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session, envelope):  # noqa: N802
        self._kill("in_hand")
        if self.answer_data:
            return self.answer_data
        self.letters.append(email.message_from_bytes(envelope.content, policy=policy.default))
        if self.hang_up_after_data:
            server.transport.close()
        return "250 OK"

    async def handle_QUIT(self, server: SMTP, session, envelope):  # noqa: N802
        self._kill("taken")
        return "221 Bye"

    def _kill(self, point):
        if self.kill_at == point:
            os.kill(self.prey.get(timeout=5), signal.SIGKILL)
