"""The environment variables of an installation: one table, read once, told in the docs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.core.issues import Issue, Refused


@dataclass(frozen=True, kw_only=True)
class Variable:
    """One environment variable: its type in words, its default as text, what it is for."""

    name: str
    type: str
    default: str
    sentence: str


def _text(value: str) -> str:
    return value


def _list(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


def _yes_or_no(value: str) -> bool:
    return {"yes": True, "no": False}[value.lower()]


_READERS: Mapping[str, Callable[[str], Any]] = {
    "text": _text,
    "path": Path,
    "number": int,
    "list": _list,
    "yes or no": _yes_or_no,
}

VARIABLES = (
    Variable(
        name="ASSAY_DIR",
        type="path",
        default="assay-home",
        sentence="The folder of the installation: ledger, files, keys, embedded database.",
    ),
    Variable(
        name="DATABASE_URL",
        type="text",
        default="",
        sentence="Your own PostgreSQL, `postgresql://USER:PASSWORD@HOST/NAME`; empty: the "
        "embedded one in the installation's folder.",
    ),
    Variable(
        name="ASSAY_BASE_URL",
        type="text",
        default="http://127.0.0.1:8000",
        sentence="The address people use; links in mails begin with it.",
    ),
    Variable(
        name="ASSAY_PORT",
        type="number",
        default="8000",
        sentence="The port on 127.0.0.1 that the web processes listen on.",
    ),
    Variable(
        name="ASSAY_HOSTS",
        type="list",
        default="127.0.0.1,localhost",
        sentence="Host names that requests may ask for, separated by commas.",
    ),
    Variable(
        name="ASSAY_TITLE",
        type="text",
        default="Marketplace Partner Program",
        sentence="What the program is called on every page and mail.",
    ),
    Variable(
        name="ASSAY_PROGRAM",
        type="text",
        default="atlassian-marketplace@2024-06-13",
        sentence="The program in force: a path or `NAME@VERSION` of a shipped one.",
    ),
    Variable(
        name="ASSAY_REVIEW_SETTLING_DAYS",
        type="number",
        default="14",
        sentence="For how many days after a review opens late rows and restatements still arrive; "
        "from then on it may be closed.",
    ),
    Variable(
        name="ASSAY_APPEAL_DAYS",
        type="number",
        default="30",
        sentence="For how many days after its letter a decision may be appealed, where the program "
        "sets no period itself.",
    ),
    Variable(
        name="ASSAY_CREDIT_LIMIT",
        type="number",
        default="5000",
        sentence="Up to this amount of the program's currency one person approves an order for "
        "credits; above it two do.",
    ),
    Variable(
        name="ASSAY_MAIL_URL",
        type="text",
        default="",
        sentence="Where mail is handed over, `smtp://USER:PASSWORD@HOST:PORT` (`smtps://` for "
        "TLS); empty: each mail becomes a file in the folder `mail` of the installation.",
    ),
    Variable(
        name="ASSAY_MAIL_FROM",
        type="text",
        default="program@localhost",
        sentence="The sender of every mail.",
    ),
    Variable(
        name="ASSAY_CONTACT",
        type="text",
        default="",
        sentence="Whom partners without a manager write to, `Partner desk <desk@example.com>`; "
        "empty: the program manager who joined first.",
    ),
    Variable(
        name="ASSAY_OIDC_NAME",
        type="text",
        default="",
        sentence="What the button for sign-in with your identity provider says; empty: none.",
    ),
    Variable(
        name="ASSAY_OIDC_ISSUER",
        type="text",
        default="",
        sentence="The issuer of the OpenID Connect provider, e.g. `https://login.example.com`.",
    ),
    Variable(
        name="ASSAY_OIDC_CLIENT_ID",
        type="text",
        default="",
        sentence="The client id that the provider gave to this installation.",
    ),
    Variable(
        name="ASSAY_OIDC_CLIENT_SECRET",
        type="text",
        default="",
        sentence="The client secret that the provider gave to this installation.",
    ),
    Variable(
        name="ASSAY_OPERATOR_TOKEN",
        type="text",
        default="",
        sentence="The bearer token with which a monitor reads `/metrics`; empty: only staff who "
        "may see health read it.",
    ),
    Variable(
        name="ASSAY_PROXIED",
        type="yes or no",
        default="no",
        sentence="Whether a proxy of yours ends TLS and sets `X-Forwarded-Proto` and "
        "`X-Forwarded-For`.",
    ),
    Variable(
        name="ASSAY_WEB_PROCESSES",
        type="number",
        default="3",
        sentence="How many web processes answer requests.",
    ),
    Variable(
        name="ASSAY_WEB_THREADS",
        type="number",
        default="4",
        sentence="How many requests each web process answers at a time.",
    ),
    Variable(
        name="ASSAY_UPLOAD_LIMIT_MB",
        type="number",
        default="4096",
        sentence="The largest file that staff may upload, in megabytes.",
    ),
    Variable(
        name="ASSAY_ACCESS_ENDS_AFTER_DAYS",
        type="number",
        default="30",
        sentence="How many days after the first notice a member's access ends, where its "
        "conditions do not hold any more.",
    ),
    Variable(
        name="ASSAY_ESCALATION_MAIL_SECRET",
        type="text",
        default="",
        sentence="The secret in the address `escalations+SECRET@` to which staff mail escalations, "
        "at least 16 letters and digits; empty: none is taken by mail.",
    ),
)


def read_variables(environment: Mapping[str, str]) -> dict[str, Any]:
    """Return every variable's value, by name; raises Refused naming each that cannot be read."""
    values: dict[str, Any] = {}
    issues: list[Issue] = []
    for variable in VARIABLES:
        text = environment.get(variable.name, variable.default)
        try:
            values[variable.name] = _READERS[variable.type](text)
        except (KeyError, ValueError):
            issues.append(
                Issue(
                    file="environment",
                    column=variable.name,
                    value=text,
                    message=f"not a {variable.type}",
                    hint=f"the default is {variable.default}",
                )
            )
    if issues:
        raise Refused(*issues)
    return values
