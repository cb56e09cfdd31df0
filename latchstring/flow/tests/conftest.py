"""A household that fills in its whole application, and a worker that does its jobs here."""

import json

import pytest
from django.db import connection
from procrastinate.contrib.django import app

from latchstring.applications import door as applications
from latchstring.applications.tests.conftest import go_on
from latchstring.cases.tests import scene as scenes


@pytest.fixture(autouse=True)
def own_storage(settings, tmp_path):
    settings.STORAGE = tmp_path


@pytest.fixture(autouse=True)
def nobody_connected(settings):
    """No agency and no bank, unless a test connects them."""
    settings.SOURCES = {"tax": {"url": ""}, "human_services": {"url": ""}}
    settings.BANK = {**settings.BANK, "url": ""}
    settings.CARD = {**settings.CARD, "url": ""}


@pytest.fixture
def scene(db):
    return scenes.build()


@pytest.fixture
def application(scene):
    return filled_in(scene)


def filled_in(scene, language="en"):
    """An application with every page answered, ready to sign."""
    application = applications.begin(scene.household, scene.ana, ["nm-erap"], language)
    go_on(application, scene.ana.actor)
    application.refresh_from_db()
    return application


def jobs(status="todo"):
    """The jobs of a status: (task name, arguments), in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT task_name, args::text FROM procrastinate_jobs WHERE status = %s ORDER BY id",
            [status],
        )
        return [(name, json.loads(given)) for name, given in cursor.fetchall()]


def work(most=200, skip=()):
    """Do every job that is due, in order, in this process; returns the names of those done."""
    done = []
    for _ in range(most):
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM procrastinate_jobs WHERE id = (SELECT min(id) FROM procrastinate_jobs"
                " WHERE status = 'todo' AND coalesce(scheduled_at, now()) <= now()"
                " AND NOT task_name = ANY(%s)) RETURNING task_name, args::text",
                [list(skip)],
            )
            row = cursor.fetchone()
        if row is None:
            return done
        app.tasks[row[0]].func(**json.loads(row[1]))
        done.append(row[0])
    raise AssertionError(f"the jobs do not end: {done[-10:]}")
