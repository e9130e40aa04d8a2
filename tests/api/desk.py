"""What stories of the order desk need beside the small world: people, products that come, looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.support.world import DEVICE, RICH, WAREHOUSE, setup

if TYPE_CHECKING:
    from tests.api.conftest import Door

SECOND = "WH-CD"
"""A second warehouse, two days from the first; it serves nobody."""

STAFF = [
    ("adm-1", "ADM", None),
    ("fin-2", "FIN", None),
    ("qa-1", "QA", None),
    ("pp-1", "PP", None),
    ("wh-cd-1", "WH", SECOND),
]
MADE = {"life": "ACTIVE", "supply_mode": "MAKE_STOCK", "supply_lead_days": 14}


class Desk:
    """A door at which people speak, and behind which one can look."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.said = 0
        self.position = 0
        self.streams: set[str] = set()
        """Streams that grew when something was done last."""

    def does(self, who: str, name: str, **body: Any) -> dict[str, Any]:
        """Let a person do something that must be accepted, and give what it came to."""
        self.said += 1
        answer = self.door.accepted(name, f"desk-{self.said}", body, on_behalf_of=who)
        self.position, self.streams = answer["position"], set(answer["streams"])
        result: dict[str, Any] = answer["result"]
        return result

    def tries(self, who: str, name: str, **body: Any) -> Any:
        """Let a person try something, and give the whole answer."""
        self.said += 1
        return self.door.command(name, f"desk-{self.said}", body, on_behalf_of=who)

    def look(self, path: str, **params: Any) -> Any:
        """Ask for what is believed after the last thing that was done."""
        answer = self.door.client.get(path, params=params | {"min_position": self.position})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def row(self, path: str, **params: Any) -> dict[str, Any]:
        """Ask for the only row of a list."""
        [found] = self.look(path, **params)["items"]
        return found

    def line(self, so: str, line_no: int = 1) -> dict[str, Any]:
        """Ask for a line of an order."""
        return next(
            one for one in self.look(f"/v1/orders/{so}")["lines"] if one["line_no"] == line_no
        )

    def credit(self, dealer: str = RICH) -> int:
        """Ask for the credit that a dealer's confirmed orders occupy."""
        ordered: int = self.row("/v1/dealer-balances", dealer=dealer)["ordered"]
        return ordered


def sell(desk: Desk, sku: str = DEVICE, **changes: Any) -> None:
    """Change the terms of a product; a device that is made again takes two weeks."""
    products = [body for name, body in setup() if name == "register-product"]
    [terms] = [one["terms"] for one in products if one["sku"] == sku]
    desk.does("adm-1", "register-product", sku=sku, terms=terms | changes)


def buckets(line: dict[str, Any]) -> dict[str, int]:
    """Where the quantity of a line is, empty buckets left out."""
    names = ("reserved", "in_supply", "backordered", "shipped", "cancelled", "returned")
    return {name: line[f"qty_{name}"] for name in names if line[f"qty_{name}"]}


def staff(door: Door) -> Desk:
    """Open the desk: more people, and a second warehouse."""
    people = [{"user_id": name, "role": role, "scope": scope} for name, role, scope in STAFF]
    second = {"wh": SECOND, "region_code": "510000", "sales_region": "WEST"}
    commands: list[tuple[str, Any]] = [("register-user", one) for one in people]
    commands += [("register-warehouse", second)]
    commands += [("set-transfer-lead", {"src": WAREHOUSE, "dst": SECOND, "days": 2})]
    for number, (name, body) in enumerate(commands):
        door.accepted(name, f"staff-{number}", body)
    return Desk(door)
