"""Filters of letters: what is English in each of them, the names of laws, is marked as such."""

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from latchstring.cases import door as cases

register = template.Library()


@register.filter
def laws_marked(body: str) -> SafeString:
    """Write a letter's text with the names of laws marked as English, for readers aloud."""
    return format_html_join(
        "",
        "{}{}",
        (
            (words, format_html_join("", '<span lang="en">{}</span>', [(law,)] if law else []))
            for words, law in cases.laws_in(body)
        ),
    )
