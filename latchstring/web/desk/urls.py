"""The desk's addresses."""

from django.urls import path

from latchstring.web.desk.figures import figures, figures_csv
from latchstring.web.desk.landing import landing
from latchstring.web.desk.ledger import ledger, trail, walk_trail
from latchstring.web.desk.trace import payments_found, trace

app_name = "desk"
urlpatterns = [
    path("", landing, name="landing"),
    path("figures/", figures, name="figures"),
    path("figures.csv", figures_csv, name="figures_csv"),
    path("audit/", payments_found, name="audit"),
    path("audit/payments/<uuid:payment_id>/", trace, name="trace"),
    path("audit/trail/", trail, name="trail"),
    path("audit/trail/walk/", walk_trail, name="walk_trail"),
    path("ledger/", ledger, name="ledger"),
]
