"""A mail server of the distribution's (aiosmtpd) on loopback: STARTTLS and implicit TLS, a password, and a directory for what arrives.

usage: mail_server.py CERTIFICATE KEY DIRECTORY
It prints its two ports, and ends with its standard input.
"""

import asyncio
import json
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


class Drop:
    def __init__(self, directory):
        self.directory = directory
        self.count = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("unknown@"):
            return "550 5.1.1 No such user here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server, session, envelope):
        self.count += 1
        name = os.path.join(self.directory, f"{self.count:03}")
        with open(name + ".eml", "wb") as file:
            file.write(envelope.original_content)
        with open(name + ".json", "w", encoding="utf-8") as file:
            json.dump({"sender": envelope.mail_from, "recipients": envelope.rcpt_tos, "options": envelope.mail_options, "tls": server.transport.get_extra_info("ssl_object") is not None}, file)
        return f"250 2.0.0 Ok: queued as {self.count}"


def let_in(server, session, envelope, mechanism, data):
    known = isinstance(data, LoginPassword) and data.login == b"mailer" and data.password == "s3crét".encode()
    return AuthResult(success=known, handled=known)


async def main():
    certificate, key, directory = sys.argv[1:4]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    drop = Drop(directory)
    common = {"authenticator": let_in, "auth_required": True, "enable_SMTPUTF8": True, "ident": "test"}
    loop = asyncio.get_running_loop()
    start_tls = await loop.create_server(lambda: SMTP(drop, tls_context=context, require_starttls=True, **common), "127.0.0.1", 0)
    implicit = await loop.create_server(lambda: SMTP(drop, auth_require_tls=False, **common), "127.0.0.1", 0, ssl=context)
    print(start_tls.sockets[0].getsockname()[1], implicit.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main())
