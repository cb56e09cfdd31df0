from django.db import migrations, models

from latchstring.kernel import guards


class Migration(migrations.Migration):
    """The tables that determinations rested on. They are history: nothing changes them."""

    dependencies = [("programs", "0004_rounds_as_acts")]
    operations = [
        migrations.CreateModel(
            name="KeptTable",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60)),
                ("declaration", models.TextField()),
                ("figures", models.TextField()),
                ("kept_at", models.DateTimeField()),
            ],
        ),
        guards.append_only("programs_kepttable"),
    ]
