"""What the demo says when it is up."""

from latchstring.demo import cast


def greeting(environment: dict[str, str]) -> str:
    """Return the text with the address and every sign-in."""
    base = f"http://127.0.0.1:{environment['PORT']}"
    width = max(len(part.email) for part in cast.STAFF)
    lines = [
        "",
        f"  Latchstring is up:     {base}/",
        f"  New Mexico's door:     {base}/nm/",
        f"  Mail that was sent:    {environment['LATCHSTRING_MAIL_PAGE_URL']}",
        f"  Staff desk:            {base}/desk/",
        "",
        f"  Sign in with any of these and the password  {cast.PASSWORD}",
        f"    {cast.RESIDENT:<{width}}  a resident (or make an account of your own)",
        *(
            f"    {part.email:<{width}}  {', '.join(part.roles).replace('_', ' ')}: {part.does}"
            for part in cast.STAFF
        ),
        "",
        "  The second factor is waived here and nowhere else. Ctrl-C stops everything; nothing is",
        "  lost. `make demo-reset` begins anew.",
        "",
    ]
    return "\n".join(lines)
