from django.db import migrations, models

from latchstring.kernel import guards


class Migration(migrations.Migration):
    """The text of each version that was published or pinned. It is history: nothing changes it."""

    dependencies = [("programs", "0002_guarded")]
    operations = [
        migrations.CreateModel(
            name="KeptVersion",
            fields=[
                ("version", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("program", models.CharField(max_length=40)),
                ("text", models.TextField()),
                ("kept_at", models.DateTimeField()),
            ],
        ),
        guards.append_only("programs_keptversion"),
    ]
