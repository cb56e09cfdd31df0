"""Requests, notes and payees are kept; the timeline and the resident's status have words."""

from datetime import timedelta

import pytest

from latchstring.cases import door as cases
from latchstring.kernel import clock, scope
from latchstring.kernel.errors import Invalid, NotAllowed
from latchstring.kernel.ids import new_id
from latchstring.payments import door as payments
from latchstring.people import door as people
from latchstring.verification.models import Check


def test_the_second_wall_hides_another_agencys_cases(scene):
    case = scene.open()
    with scope.within("wy-dfs"):
        assert cases.cases_of_household(scene.household.id) == []
        with pytest.raises(cases.NoSuchCase):
            cases.case_for(scene.staff["casey"], case.id)


def test_a_request_names_what_is_wrong_and_keeps_the_stage(scene):
    case = cases.consider(scene.open().id)
    with pytest.raises(Invalid) as wrong:
        cases.request_information(case.id, "", " ", scene.actor("casey"), clock.today())
    assert set(wrong.value.fields) == {"what", "words", "answer_by"}
    day = clock.today() + timedelta(days=7)
    with pytest.raises(NotAllowed):
        cases.request_information(case.id, "lease", "Please.", scene.actor("alex"), day)
    request = cases.request_information(
        case.id, "lease", "All pages, please.", scene.actor("casey"), day
    )
    case.refresh_from_db()
    assert case.stage == "review" and cases.words_of(request) == "All pages, please."
    assert b"All pages" not in bytes(request.words_sealed)


def test_only_the_household_and_its_desk_answer_a_request(scene):
    case = cases.consider(scene.open().id)
    day = clock.today() + timedelta(days=7)
    request = cases.request_information(case.id, "lease", "Please.", scene.actor("casey"), day)
    stranger = people.Account.objects.create_user("eve@example.org", "correct horse battery")
    with pytest.raises(cases.NoSuchCase):
        cases.answer_request(request.id, stranger.actor)
    first = cases.answer_request(request.id, scene.ana.actor).answered_at
    assert cases.answer_request(request.id, scene.ana.actor).answered_at == first
    assert cases.open_requests(case) == []


def test_policy_does_not_decide_over_an_open_question_to_the_resident(scene):
    scene.authorise()
    case = cases.consider(scene.open().id)
    day = clock.today() + timedelta(days=7)
    request = cases.request_information(case.id, "lease", "Please.", scene.actor("casey"), day)
    scene.enrol()
    assert cases.consider(case.id).stage == "review"
    cases.answer_request(request.id, scene.ana.actor)
    assert cases.consider(case.id).stage == "payment"


def test_notes_are_for_the_desk_and_sealed(scene):
    case = scene.open()
    with pytest.raises(NotAllowed):
        cases.note(case.id, "x", scene.ana.actor)
    row = cases.note(case.id, "Called the landlord.", scene.actor("casey"))
    assert b"landlord" not in bytes(row.words_sealed)
    assert [words for _, words in cases.notes_of(case)] == ["Called the landlord."]
    assert not any(e.kind == "case.noted.v1" for e in cases.timeline(case, for_resident=True))


def test_naming_a_payee_pays_what_waited_for_a_name(scene):
    decision = scene.prepared()
    cases.approve(decision.id, scene.actor("alex"))
    case = cases.case_for(scene.ana, decision.case_id)
    assert "utility" not in {p.payee.kind for p in payments.of_case(case.id)}
    with pytest.raises(Invalid):
        cases.name_payee(case.id, "utility", {"name": " "}, scene.actor("casey"))
    for _ in range(2):
        cases.name_payee(case.id, "utility", {"name": "Mesa Power"}, scene.actor("casey"))
    assert [p.payee.kind for p in payments.of_case(case.id)].count("utility") == 1


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_timeline_has_words_for_every_line(scene, language):
    decision = scene.prepared()
    cases.approve(decision.id, scene.actor("alex"))
    lines = cases.timeline(cases.case_for(scene.ana, decision.case_id))
    assert len(lines) > 6 and lines == sorted(lines, key=lambda line: line.at)
    assert all(line.words[language] and "{" not in line.words[language] for line in lines)


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_resident_reads_what_happens_next_at_every_stage(scene, language):
    case = scene.open()
    seen = [cases.status_of(case, language)]
    case = cases.consider(case.id)
    seen.append(cases.status_of(case, language))
    decision = cases.prepare_approval(case.id, scene.actor("casey"))
    case.refresh_from_db()
    seen.append(cases.status_of(case, language))
    cases.approve(decision.id, scene.actor("alex"))
    case.refresh_from_db()
    seen.append(cases.status_of(case, language))
    assert [s.code for s in seen] == ["verifying", "review", "approval", "no_account"]
    assert all(s.happened and s.next and s.who and "{" not in s.happened + s.next for s in seen)
    assert all(s.by == case.due_on and s.by_words for s in seen[:3])


@pytest.mark.parametrize(
    ("language", "nobody", "asked"),
    [
        ("en", "We look at what you told us and at your papers.", "We ask other agencies for you"),
        ("es", "Vemos lo que nos dijo y sus documentos.", "Preguntamos a otras agencias"),
    ],
)
def test_other_agencies_are_named_only_where_one_is_asked(scene, language, nobody, asked):
    case = scene.open()
    assert cases.status_of(case, language).next == nobody
    check = new_id()
    Check.objects.create(
        id=check,
        agency="nm-dfa",
        case=case.id,
        household=case.household,
        person=case.unit[0],
        source="tax",
        operation="tax.income",
        request_key=str(check),
        wanted_at=clock.now(),
    )
    told = cases.status_of(case, language)
    assert told.next.startswith(asked) and told.code == "verifying"
