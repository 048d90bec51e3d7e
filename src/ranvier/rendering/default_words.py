"""What mails say in English; `[newsletter.words]` replaces single entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_WORDS: Mapping[str, str] = {
    "randomized-trial": "Randomized trial",
    "cohort": "Observational study over time",
    "case-control": "Observational comparison of groups",
    "case-series": "Report on single cases",
    "lab": "Basic research",
    "animal": "Experiment",
    "review": "Review of earlier studies",
    "guideline": "Guideline",
    "mixed": "Several kinds of study",
    "unknown": "Kind of study not stated",
    "in-people": "in people, number not stated",
    "in-person": "in 1 person",
    "in-number": "in {n} people",
    "in-animals": "in animals",
    "in-laboratory": "in the laboratory",
    "in-cells": "in cells",
    "in-data": "in existing data",
    "peer-reviewed": "peer-reviewed",
    "preprint": "preprint, not yet checked by independent experts",
    "conference-abstract": "conference abstract",
    "press-release": "press release",
    "peer-review-not-stated": "peer review not stated",
    "title-suffix": "(study {place})",
    "credibility": "Credibility",
    "interest": "Interest",
    "of-five": "{value} of 5",
    "written-by": "AI model: {model}",
    "written-on": "written {date}",
    "from-the-editors": "From the editors",
    "in-this-issue": "In this issue",
    "findings": "What they found",
    "considerations": "Important considerations",
    "remark": "Editor\u2019s remark",
    "source": "Source",
    "source-not-stated": "Source not stated",
    "title-not-stated": "title not stated",
    "journal-not-stated": "journal not stated",
    "paper-behind": "the paper behind “{title}”",
    "shortened": "Shortened for this mail; there is more on the web.",
    "shortened-unlinked": "Shortened for this mail.",
    "whole-summary": "Read the whole summary: {title}",
    "how-to-read": "How to read research",
    "about": "About this digest",
    "not-advice": "Not medical advice",
    "contact": "Contact",
    "unsubscribe": "Unsubscribe",
    "preferences": "Change what you receive",
    "view": "View this issue in a browser",
    "privacy": "Privacy",
    "imprint": "Who is behind this, and who pays",
    "contact-page": "Contact and corrections",
    "months": "January February March April May June July August September October November December",
}
"""Braces are filled, all else stands as it is."""
