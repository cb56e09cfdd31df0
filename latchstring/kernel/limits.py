"""A limit on everything that a stranger can make large. Units are in the names."""

UPLOAD_BYTES_MAX = 20 * 1024 * 1024
UPLOADS_PER_APPLICATION_MAX = 30
SENDING_HOURS_MAX = 24  # a file that comes in pieces must be whole by then
SENDINGS_PER_HOUSEHOLD_MAX = 30
SENDING_BYTES_PER_HOUSEHOLD_MAX = 120 * 1024 * 1024
PICTURE_PIXELS_MAX = 50_000_000
DOCUMENT_PAGES_MAX = 60
FORM_FIELDS_MAX = 1_000
FREE_TEXT_CHARACTERS_MAX = 4_000
HOUSEHOLD_MEMBERS_MAX = 30
INCOME_SOURCES_PER_PERSON_MAX = 20
PAGE_ROWS_MAX = 100
STATEMENT_TIMEOUT_WEB_MS = 5_000
STATEMENT_TIMEOUT_REPORT_MS = 60_000

# --- the web server: what may be under way at once, per process ---
WEB_PLACES = 8  # requests that do work (and hold a database connection) at once
WEB_WAITING_MAX = {"newcomer": 8, "signed_in": 10, "staff": 6}  # then: busy, please again
WEB_WAIT_SECONDS_MAX = 3.0
WEB_THREADS = 40  # places, waiting, and spare ones that say "busy"
WEB_CONNECTIONS_MAX = 256
WEB_BACKLOG = 512
HEADER_READ_MS_MAX = 10_000
HEADER_BYTES_MAX = 16 * 1024
WORKER_NICENESS = 5  # of the worker's process, where web and worker share a machine
BODY_BYTES_MAX = 1_000_000  # of a form; files have limits of their own
