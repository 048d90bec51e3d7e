"""A mail in one palette, whatever the machine that looks at it prefers."""

from ranvier.web.preview import in_palette

HTML = (
    '<html><head><meta name="color-scheme" content="light dark"><style>:root { color-scheme: light dark; }'
    "@media (prefers-color-scheme: dark) { p { color: #eeeeee } }</style></head>"
    "<body><p>light dark and @media (prefers-color-scheme: dark)</p></body></html>"
)


def test_dark_rules_hold_for_all_or_for_nobody():
    dark, light = in_palette(HTML, is_dark=True), in_palette(HTML, is_dark=False)
    assert "@media all { p" in dark
    assert "@media not all { p" in light
    assert ":root { color-scheme: dark; }" in dark
    assert ":root { color-scheme: light; }" in light


def test_what_the_mail_says_stays_as_it_is():
    for is_dark in (True, False):
        assert in_palette(HTML, is_dark=is_dark).partition("</head>")[2] == HTML.partition("</head>")[2]
