"""`python -m standins.bank`: the sandbox bank over HTTP."""

from typing import Any

from standins.agency import arguments, begin, run
from standins.bank.book import Book, KeyReused
from standins.server import (
    ADMIN,
    EITHER,
    Answer,
    Dropped,
    Refused,
    Request,
    Route,
    Service,
    spoil,
)

LARGEST_PAGE = 5000
FILE: dict[str, Any] = {
    "type": "object",
    "required": ["file_id", "status", "entries", "credit_cents", "received_at", "errors"],
    "properties": {
        "file_id": {"type": "string"},
        "status": {"enum": ["accepted", "rejected", "pending"]},
        "entries": {"type": "integer"},
        "credit_cents": {"type": "integer"},
        "received_at": {"type": "string", "format": "date-time"},
        "errors": {"type": "array", "items": {"type": "object"}},
    },
}

BENEFIT: dict[str, Any] = {
    "type": "object",
    "required": ["status", "amount_cents", "reference"],
    "properties": {
        "status": {"const": "posted"},
        "amount_cents": {"type": "integer"},
        "reference": {"type": "string"},
    },
}


def _page(name: str, fields: list[str]) -> dict[str, Any]:
    line = {"type": "object", "required": ["cursor", *fields]}
    return {
        "type": "object",
        "required": [name, "next"],
        "properties": {name: {"type": "array", "items": line}, "next": {"type": "integer"}},
    }


def _operation(name: str, path: str, summary: str, response: dict[str, Any]) -> dict[str, Any]:
    method, _, path = path.partition(" ")
    return {
        "id": name,
        "method": method,
        "path": path,
        "summary": summary,
        "request_schema": {"type": "string"} if method != "GET" else None,
        "response_schema": response,
    }


OPERATIONS = [
    _operation("submit-file", "POST /v1/files", "Hand over a NACHA file.", FILE),
    _operation(
        "put-on-card", "PUT /v1/benefits/{benefit_id}", "Put a month's help on a card.", BENEFIT
    ),
    _operation("read-file", "GET /v1/files/{file_id}", "What became of a file.", FILE),
    _operation("find-file", "GET /v1/files", "The file of an idempotency key.", FILE),
    _operation(
        "settlements",
        "GET /v1/settlements",
        "Settlement lines after a cursor.",
        _page("settlements", ["file_id", "trace", "amount_cents", "settled_on", "status"]),
    ),
    _operation(
        "returns",
        "GET /v1/returns",
        "Return and change files after a cursor.",
        _page("returns", ["name", "kind", "sha256", "content"]),
    ),
]


class Bank:
    """The bank's endpoints."""

    def __init__(self, service: Service, book: Book) -> None:
        self.book = book
        self.service = service
        service.misbehave = _spoil
        service.routes += [
            Route("POST", "/v1/files", self.submit),
            Route("GET", "/v1/files", self.find),
            Route("GET", "/v1/files/{file_id}", self.show),
            Route("PUT", "/v1/benefits/{benefit_id}", self.put_on_card),
            Route("GET", "/v1/benefits", self.benefits, EITHER),
            Route("GET", "/v1/settlements", self.settlements),
            Route("GET", "/v1/returns", self.returns),
            Route("GET", "/v1/returns/{cursor}", self.one_return),
            Route("GET", "/journal", self.journal, EITHER),
            Route("POST", "/admin/settle-now", self.settle_now, ADMIN),
        ]

    def submit(self, request: Request) -> Answer:
        """Take a file, at most once per idempotency key."""
        key = (request.headers.get("Idempotency-Key") or "").strip()
        if not 0 < len(key) <= 255:
            raise Refused(400, "bad_request", "The Idempotency-Key header is needed.")
        ack = request.draw.ack if request.draw else "ok"
        if ack == "never_arrived":
            raise Dropped
        self.service.count(key)
        try:
            content, repeated = self.book.take(
                key, request.body, ack == "refused", 1 if ack == "delayed" else 0
            )
        except KeyReused:
            sentence = "This key belongs to a file with other content."
            raise Refused(409, "key_reused", sentence) from None
        if ack == "lost":
            raise Dropped
        status = {"accepted": 201, "rejected": 422, "pending": 202}[content["status"]]
        if repeated:
            again = {"Idempotent-Replay": "true"}
            return Answer(content, 200 if status == 201 else status, again)
        return Answer(content, status, {"Location": f"/v1/files/{content['file_id']}"})

    def put_on_card(self, request: Request, benefit_id: str) -> Answer:
        """Put a month's help on a household's card, once per id."""
        ack = request.draw.ack if request.draw else "ok"
        if ack == "never_arrived":
            raise Dropped
        asked = request.json()
        amount = asked.get("amount_cents") if isinstance(asked, dict) else None
        if not isinstance(amount, int) or amount <= 0 or ack == "refused":
            raise Refused(422, "refused", "This cannot be put on a card.")
        self.service.count(benefit_id)
        try:
            content, repeated = self.book.put_on_card(benefit_id, asked)
        except KeyReused:
            raise Refused(409, "key_reused", "This id has other content.") from None
        if ack == "lost":
            raise Dropped
        return Answer(content, 200 if repeated else 201)

    def benefits(self, _: Request) -> Answer:
        """Every month of help on a card."""
        return Answer({"benefits": self.book.benefits()})

    def find(self, request: Request) -> Answer:
        """Whether a file with this key ever came."""
        return _found(self.book.file_of(request.query.get("idempotency_key", "")))

    def show(self, _: Request, file_id: str) -> Answer:
        """What became of a file."""
        number = int(file_id[1:]) if file_id[:1] == "F" and file_id[1:].isdigit() else 0
        return _found(self.book.file(number))

    def settlements(self, request: Request) -> Answer:
        """Settlement lines after a cursor."""
        after, limit = self._pass_time(request)
        lines = self.book.settlements(after, limit)
        if request.draw is not None and request.draw.mode == "lie":
            for line in lines:
                line["amount_cents"] -= 1
        return Answer({"settlements": lines, "next": _next(lines, after)})

    def returns(self, request: Request) -> Answer:
        """Return and change files after a cursor."""
        after, limit = self._pass_time(request)
        files = self.book.reports(after, limit)
        return Answer({"returns": files, "next": _next(files, after)})

    def one_return(self, _: Request, cursor: str) -> Answer:
        """One return or change file as bytes."""
        number = int(cursor) if cursor.isdigit() else 0
        files = self.book.reports(number - 1, 1)
        if number < 1 or not files or files[0]["cursor"] != number:
            raise Refused(404, "not_found", "There is no such file.")
        return Answer(files[0]["content"], content_type="text/plain; charset=us-ascii")

    def journal(self, _: Request) -> Answer:
        """The bank's own book."""
        return Answer(self.book.journal())

    def settle_now(self, request: Request) -> Answer:
        """Settle and return everything, whatever the day."""
        asked = request.json() if request.body else {}
        returns = bool(asked.get("returns", True)) if isinstance(asked, dict) else True
        return Answer(self.book.advance(request.business_day, all_now=True, returns=returns))

    def _pass_time(self, request: Request) -> tuple[int, int]:
        self.book.advance(request.business_day)
        if request.draw is not None and request.draw.mode == "duplicate":
            self.book.repeat_everything()
        limit = min(max(request.number("limit", 500), 1), LARGEST_PAGE)
        return request.number("after", 0), limit


def _found(content: dict[str, Any] | None) -> Answer:
    if content is None:
        raise Refused(404, "not_found", "There is no such file here.")
    return Answer(content)


def _next(rows: list[dict[str, Any]], after: int) -> int:
    return int(rows[-1]["cursor"]) if rows else after


def _spoil(request: Request, answer: Answer) -> Answer:
    if request.draw is not None and request.draw.mode == "duplicate":
        return answer  # repeated lines instead, see _pass_time
    return spoil(request, answer)


def main() -> None:
    """The whole process."""
    given = arguments("The sandbox bank.").parse_args()
    service = begin(given, OPERATIONS)
    book = Book(given.data / "bank.sqlite")
    Bank(service, book)
    run(given, service, book.store)


if __name__ == "__main__":
    main()
