from django.db import migrations, models

import latchstring.kernel.ids
from latchstring.kernel import guards

CARRY_OVER = """
INSERT INTO programs_roundact
  (id, agency, program, act, from_day, until, note, actor, recorded_at)
SELECT id, agency, program, CASE WHEN paused THEN 'pause' ELSE 'open' END, opens_on,
  CASE WHEN paused THEN NULL ELSE closes_on END,
  '{}'::jsonb, 'system:migration', now()
FROM programs_round
"""


class Migration(migrations.Migration):
    """Rounds stand in the documents; what administrators do to them are rows that only grow."""

    dependencies = [("programs", "0003_kept_versions")]
    operations = [
        migrations.CreateModel(
            name="RoundAct",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=latchstring.kernel.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("agency", models.CharField(max_length=20)),
                ("program", models.CharField(max_length=40)),
                (
                    "act",
                    models.CharField(
                        choices=[("open", "open"), ("pause", "pause"), ("close", "close")],
                        max_length=5,
                    ),
                ),
                ("from_day", models.DateField()),
                ("until", models.DateField(null=True)),
                ("note", models.JSONField()),
                ("actor", models.CharField(max_length=120)),
                ("recorded_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["program", "from_day"], name="programs_round_acts")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("act__in", ["open", "pause", "close"])),
                        name="programs_round_act",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until__isnull", True),
                            models.Q(
                                ("until__gte", models.F("from_day")),
                                models.Q(("act", "close"), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="programs_round_act_ends_later",
                    ),
                ],
            },
        ),
        migrations.RunSQL(CARRY_OVER, migrations.RunSQL.noop),
        guards.append_only("programs_roundact"),
        migrations.DeleteModel(name="RoundEvent"),
        migrations.DeleteModel(name="Round"),
    ]
