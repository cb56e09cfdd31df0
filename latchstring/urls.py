"""Every address. English without a prefix, Spanish under /es/."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from latchstring.web.after_sign_in import after_sign_in
from latchstring.web.components_page import components
from latchstring.web.figures_for_operators import figures
from latchstring.web.sign_in_ends import stay
from latchstring.web.signs_of_life import healthz, readyz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", figures, name="metrics"),
    path("stay/", stay, name="stay"),
    path("after-sign-in/", after_sign_in, name="after_sign_in"),
    path("desk/", include("latchstring.web.desk.urls")),
    *i18n_patterns(
        path("account/", include("allauth.account.urls")),
        path("account/2fa/", include("allauth.mfa.urls")),
        path("components/", components, name="components"),
        path("", include("latchstring.web.portal.urls")),
        prefix_default_language=False,
    ),
]

handler500 = "latchstring.web.refusals.server_error"
