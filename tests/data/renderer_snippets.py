"""Sixty-three ways to make a renderer of HTML fetch something; CANARY is a file's path, HOST a server."""

CANARY, HOST = "@CANARY@", "@HOST@"

_HTML = (
    '<img src="file://@CANARY@">',
    '<img src="http://@HOST@/a.png">',
    '<img src="//@HOST@/a.png">',
    '<img src="@CANARY@">',
    '<img src="../../../../../../@CANARY@">',
    '<img src="FILE://@CANARY@">',
    '<img src="fi\tle://@CANARY@">',
    '<img src="ftp://@HOST@/a.png">',
    '<img srcset="http://@HOST@/a.png 1x, file://@CANARY@ 2x">',
    '<picture><source srcset="file://@CANARY@"><img src="http://@HOST@/b.png"></picture>',
    '<object data="file://@CANARY@" type="text/plain"></object>',
    '<object data="http://@HOST@/a.svg" type="image/svg+xml"></object>',
    '<embed src="file://@CANARY@">',
    '<embed src="http://@HOST@/a.svg" type="image/svg+xml">',
    '<iframe src="file://@CANARY@"></iframe>',
    '<iframe srcdoc="<img src=file://@CANARY@>"></iframe>',
    '<audio src="http://@HOST@/a.mp3"></audio>',
    '<video poster="file://@CANARY@" src="http://@HOST@/a.mp4"></video>',
    '<input type="image" src="http://@HOST@/a.png">',
    '<body background="file://@CANARY@">',
    '<table background="http://@HOST@/a.png"><tr><td background="file://@CANARY@">x</td></tr></table>',
    '<script src="http://@HOST@/a.js"></script>',
    "<script>fetch('http://@HOST@/')</script>",
    '<base href="file:///"><img src="@CANARY@">',
    '<meta http-equiv="refresh" content="0;url=file://@CANARY@">',
    '<form action="http://@HOST@/"><button>go</button></form>',
    '<a href="file://@CANARY@">read</a>',
    '<xml><?xml-stylesheet href="file://@CANARY@"?></xml>',
    '<!DOCTYPE x [<!ENTITY e SYSTEM "file://@CANARY@">]><p>&e;</p>',
    '<?xpacket begin=""?><x:xmpmeta><rdf:RDF xmlns:rdf="file://@CANARY@"/></x:xmpmeta>',
)
_LINKS = (
    '<link rel="attachment" href="file://@CANARY@">',
    "<link rel=attachment href=file:@CANARY@>",
    '<link rel="attachment" href="http://@HOST@/a" title="x">',
    '<a rel="attachment" href="file://@CANARY@">attached</a>',
    '<a rel="attachment" href="http://@HOST@/a.pdf" download="x">attached</a>',
    '<link rel="stylesheet" href="file://@CANARY@">',
    '<link rel="stylesheet" href="http://@HOST@/a.css">',
    '<link rel="stylesheet" href="data:text/css,@import%20url(file://@CANARY@)">',
    '<link rel="icon" href="file://@CANARY@">',
    '<link rel="preload" as="image" href="http://@HOST@/a.png">',
    '<link rel="import" href="file://@CANARY@">',
)
_STYLES = (
    "<style>@import url(file://@CANARY@);</style>",
    '<style>@import "http://@HOST@/a.css";</style>',
    "<style>@font-face{font-family:x;src:url(file://@CANARY@)} p{font-family:x}</style><p>x</p>",
    "<style>@font-face{font-family:y;src:url(http://@HOST@/f.ttf)} p{font-family:y}</style><p>y</p>",
    "<style>p{background:url(file://@CANARY@)}</style><p>x</p>",
    '<p style="background-image:url(http://@HOST@/a.png)">x</p>',
    '<ul style="list-style-image:url(file://@CANARY@)"><li>x</ul>',
    "<style>p::before{content:url(file://@CANARY@)}</style><p>x</p>",
    "<style>p::after{content:url('http://@HOST@/a.png')}</style><p>x</p>",
    "<style>@page{background:url(file://@CANARY@)}</style>",
    '<p style="border-image-source:url(file://@CANARY@);border:9px solid;border-image-slice:1">x</p>',
    '<p style="cursor:url(http://@HOST@/c.cur),auto;mask:url(file://@CANARY@)">x</p>',
    "<style>@color-profile x{src:url(file://@CANARY@)}</style>",
)
_SVG = (
    '<svg><image href="file://@CANARY@" width="9" height="9"/></svg>',
    '<svg xmlns:xlink="http://www.w3.org/1999/xlink"><image xlink:href="http://@HOST@/a.png" width="9" '
    'height="9"/></svg>',
    '<svg><use href="file://@CANARY@#a"/></svg>',
    '<svg><style>@import url(http://@HOST@/a.css);</style><rect width="9" height="9"/></svg>',
    '<svg><rect width="9" height="9" fill="url(file://@CANARY@#g)"/></svg>',
    '<svg><foreignObject><iframe src="file://@CANARY@"></iframe></foreignObject></svg>',
    '<img src="data:image/svg+xml,<svg xmlns=%22http://www.w3.org/2000/svg%22><image '
    'href=%22file://@CANARY@%22/></svg>">',
    '<img src="data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4=">',
    '<img src="data:text/html,<img src=http://@HOST@/a.png>">',
)
SNIPPETS = (*_HTML, *_LINKS, *_STYLES, *_SVG)


def snippets(canary: str, host: str) -> list[str]:
    """All of them, with the path of the file and the server put in."""
    return [snippet.replace(CANARY, canary).replace(HOST, host) for snippet in SNIPPETS]
