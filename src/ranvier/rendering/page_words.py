"""What pages for readers say in English; `[pages.words]` replaces single entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

PAGE_WORDS: Mapping[str, str] = {
    "skip": "Skip to the content",
    "leave-title": "Stop these e-mails",
    "leave-question": "Nothing has changed yet. Press one button, and it takes effect at once.",
    "leave-edition": "Stop: {edition}",
    "leave-everything": "Stop all e-mails from us",
    "edition-ended": "Done. You will get no more of: {edition}.",
    "others-go-on": "Other e-mails that you chose go on.",
    "nothing-more": "Done. You will get no more e-mails from us.",
    "choices-title": "What you receive",
    "for-address": "For {address}",
    "how-often": "How often",
    "daily": "Daily",
    "weekly": "Weekly",
    "monthly": "Monthly",
    "which-topics": "Topics",
    "which-topics-hint": "Choose none to get all of them.",
    "i-am": "I am one of these",
    "i-am-hint": "Only if you like; it decides how texts are put for you.",
    "not-said": "Rather not say",
    "which-evidence": "Kind of study",
    "people-only": "Only studies in people, none in animals or cells",
    "pause": "Pause until",
    "pause-hint": "Nothing comes before this day. Empty it to end a pause.",
    "save": "Save",
    "saved": "Saved. It counts from the next issue on.",
    "your-data": "Your data",
    "export": "Download everything you know about me",
    "forget": "Forget me",
    "forget-sure": "Yes, erase everything about me. This cannot be undone.",
    "forgotten-title": "You are forgotten",
    "forgotten": (
        "Everything about you is erased, and no more e-mails come. Only a code that nobody can read remains,"
        " so that your address is not added again by mistake."
    ),
    "in-flight": "A message to you is leaving at this moment. Please try again in a minute.",
    "join-title": "Subscribe",
    "join-about": "{publication} by e-mail. You get one mail first, to confirm that the address is yours.",
    "your-address": "Your e-mail address",
    "consent": "Your agreement",
    "consent-missing": "Please tick the box with your agreement, or nothing can be sent to you.",
    "join": "Subscribe",
    "look-at-your-mail-title": "Look at your mail",
    "look-at-your-mail": (
        "If the address is right, a mail with a link is on its way to it. Only when you follow the link and "
        "confirm does anything begin. Nothing there after a few minutes? Look into the spam folder."
    ),
    "too-often-title": "Too many tries",
    "too-often": "Please wait a while before you try again.",
    "confirm-subject": "Please confirm: {publication}",
    "confirm-asked": (
        "Somebody, we hope you, asked for {publication} at this address. If it was you, please confirm it."
    ),
    "confirm-button": "Yes, subscribe me",
    "confirm-otherwise": (
        "The link works for three days. If it was not you, you need not do anything: without it nothing "
        "comes, and your address is deleted."
    ),
    "still-subject": "Do you still want {publication}?",
    "still-asked": (
        "You have been getting {publication} for a long time. If you still want it, please say so; we ask "
        "because we do not watch whether you open it."
    ),
    "still-button": "Yes, go on",
    "still-otherwise": "If you do not want it any more, you need not do anything: it ends by itself.",
    "confirm-title": "One more step",
    "confirm-question": "Press the button to agree, and the e-mails begin.",
    "welcome-title": "Thank you",
    "welcome": "You are subscribed to {publication}.",
    "over-title": "This link is used up",
    "over": "Either it was confirmed already, or it is too old. In that case please subscribe again.",
    "issues": "Issues",
    "no-issues": "There is none yet.",
    "no-issue-title": "There is no such issue",
    "no-issue": "It was never sent, or its address is not complete.",
    "to-subscribe": "Subscribe",
    "to-privacy": "Privacy",
    "to-health-data": "Consumer health data",
    "to-about": "Who is behind this",
    "to-contact": "Contact and corrections",
    "in-the-mail-title": "Your own links",
    "in-the-mail": (
        "Here they are left out, because anybody can read this page. At the end of every mail to you there "
        "are links of your own, to stop and to change what you receive. Or write to us: {contact}"
    ),
    "unknown-title": "This link does not work",
    "unknown": "Please open it again from the e-mail, whole. If that does not help, write to us: {contact}",
    "again-title": "Please try again",
    "again": "This page was open for too long. Go back, load it again, and press the button again.",
    "busy-title": "One moment, please",
    "busy": "That cannot be done just now, and nothing was changed. Please try again in a minute.",
    "wrong-title": "That did not work",
    "wrong": "Something in it could not be read, or is too long. Please go back and correct it.",
}
"""Braces are filled, all else stands as it is."""
