"""The residents' addresses. A state's door is its two letters: `/nm/`, in Spanish `/es/nm/`."""

from django.urls import path, register_converter

from latchstring.web.portal import (
    check,
    choose,
    doors,
    home,
    income,
    interview,
    later,
    members,
    messages,
    packet,
    papers,
    requests,
    status,
    submit,
    tell,
    uploads,
    who_serves,
)


class State:
    """A state that has a door here."""

    regex = "nm|wy"

    def to_python(self, value: str) -> str:
        """Return the two letters."""
        return value

    def to_url(self, value: str) -> str:
        """Return the two letters."""
        return value


register_converter(State, "state")
app_name = "portal"
_one = "<state:state>/applications/<str:reference>/"
urlpatterns = [
    path("", doors.front, name="front"),
    path("<state:state>/", doors.door, name="door"),
    path("<state:state>/check/", check.result, name="result"),
    path("<state:state>/check/<slug:question>/", check.question, name="check"),
    path("<state:state>/choose/", choose.choose, name="choose"),
    path("<state:state>/serves/", who_serves.serves, name="serves"),
    path("<state:state>/serves/<slug:question>/", who_serves.place, name="place"),
    path("<state:state>/office/", who_serves.office, name="office"),
    path("<state:state>/tell/link/<str:token>/", tell.link, name="tell_link"),
    path("<state:state>/tell/<slug:program>/", tell.ask, name="tell"),
    path("<state:state>/later/", later.keep, name="later"),
    path("<state:state>/code/", later.claim, name="code"),
    path("<state:state>/start/", home.start, name="start"),
    path("<state:state>/home/", home.home, name="home"),
    path("<state:state>/messages/", messages.messages, name="messages"),
    path("<state:state>/messages/<uuid:notice_id>/", messages.message, name="message"),
    path("<state:state>/record/", messages.record, name="record"),
    path("<state:state>/papers/<uuid:upload_id>/<int:number>/", papers.page, name="paper"),
    path("<state:state>/uploads/", uploads.begin, name="uploads"),
    path("<state:state>/uploads/<uuid:upload_id>/", uploads.one, name="upload"),
    path("<state:state>/requests/<uuid:request_id>/", requests.answer, name="request"),
    path(_one, interview.overview, name="application"),
    path(_one + "review/", submit.review, name="review"),
    path(_one + "status/", status.status, name="status"),
    path(_one + "form/<slug:program>.pdf", submit.form, name="form"),
    path(_one + "decision/<slug:program>/", packet.packet, name="packet"),
    path(_one + "decision/<slug:program>.pdf", packet.packet_pdf, name="packet_pdf"),
    path(_one + "serves/<slug:question>/", interview.place, name="of_place"),
    path(_one + "office/", interview.office, name="of_office"),
    path(_one + "people/add/", members.add, name="member_add"),
    path(_one + "people/<uuid:person_id>/", members.change, name="member"),
    path(_one + "people/<uuid:person_id>/remove/", members.remove, name="member_remove"),
    path(_one + "income/<uuid:person_id>/add/", income.add, name="income_add"),
    path(_one + "income/<uuid:person_id>/<uuid:source_id>/", income.change, name="income_one"),
    path(
        _one + "income/<uuid:person_id>/<uuid:source_id>/remove/",
        income.remove,
        name="income_remove",
    ),
    path(_one + "papers/<uuid:document_id>/remove/", papers.remove, name="paper_remove"),
    path(_one + "<slug:step>/", interview.question, name="question"),
]
