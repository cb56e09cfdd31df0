"""`{% csrf_token %}` as every form here has it: Django's token, and whose form it is.

Django's own tag is extended (settings: builtins), so that no form can forget the mark: a form that
comes in after its sender was signed out is kept for its sender by it (web/kept_words.py).
"""

from django import template
from django.template.context import RequestContext
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString

from latchstring.web import kept_words

register = template.Library()


@register.simple_tag(takes_context=True)
def csrf_token(context: RequestContext) -> SafeString | str:
    """Write the hidden inputs that every form carries."""
    token = CsrfTokenNode().render(context)
    request = context.get("request")
    mark = kept_words.mark(request) if request is not None and hasattr(request, "user") else ""
    if not mark or not token:
        return token
    return format_html('{}<input type="hidden" name="{}" value="{}">', token, kept_words.MARK, mark)
