"""An installation (安装单): from the plan to the hospital's acceptance of one device."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from domain.goods.refusals import NotInstalled, SiteNotReady, TestsIncomplete
from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.refusal import InvalidState
from domain.kernel.stamp import Stamp

SCHEDULED, SITE_READY, IN_PROGRESS = "SCHEDULED", "SITE_READY", "IN_PROGRESS"
INSTALLED, TESTED, ACCEPTED = "INSTALLED", "TESTED", "ACCEPTED"
REJECTED_BY_HOSPITAL = "REJECTED_BY_HOSPITAL"
OPEN = (SCHEDULED, SITE_READY, IN_PROGRESS)


class Installation(Aggregate):
    """One device at one hospital; the stream is ``Install/{id}``."""

    CATEGORY: ClassVar[str] = "Install"

    state: str = ""
    so: str = ""
    di: str = ""
    serial: str = ""
    hospital: str = ""
    site_ready: bool = False
    passed: bool = False
    mismatch: str = ""
    """Serial number that was scanned instead of the shipped one, until that is cleared up."""

    # What can happen to an installation. Topics and fields are stored: add, never rename.

    class Scheduled(Event, frozen=True, kw_only=True):
        """A day was agreed with the hospital."""

        TOPIC = "installation.scheduled"
        so: str
        di: str
        serial: str
        hospital: str
        planned_at: date

        def apply(self, installation: Installation) -> None:
            """Plan it."""
            installation.state, installation.so = SCHEDULED, self.so
            installation.di, installation.serial = self.di, self.serial
            installation.hospital = self.hospital

    class SiteConfirmed(Event, frozen=True, kw_only=True):
        """The site (场地) is ready: power, shielding, access."""

        TOPIC = "installation.site_confirmed"
        document_hash: str

        def apply(self, installation: Installation) -> None:
            """Note it."""
            installation.state, installation.site_ready = SITE_READY, True

    class Started(Event, frozen=True, kw_only=True):
        """The engineers began."""

        TOPIC = "installation.started"
        engineer: str

        def apply(self, installation: Installation) -> None:
            """Begin."""
            installation.state = IN_PROGRESS

    class Finished(Event, frozen=True, kw_only=True):
        """The device stands: it was scanned there."""

        TOPIC = "installation.finished"
        installed_on: date
        region_code: str

        def apply(self, installation: Installation) -> None:
            """Note it."""
            installation.state, installation.mismatch = INSTALLED, ""

    class Mismatched(Event, frozen=True, kw_only=True):
        """Another device was scanned than the one that was shipped: acceptance is blocked."""

        TOPIC = "installation.mismatched"
        scanned: str
        hospital: str

        def apply(self, installation: Installation) -> None:
            """Remember it."""
            installation.mismatch = self.scanned

    class MismatchCleared(Event, frozen=True, kw_only=True):
        """The device that was shipped was scanned there after all."""

        TOPIC = "installation.mismatch_cleared"
        scanned: str

        def apply(self, installation: Installation) -> None:
            """Forget the other."""
            installation.mismatch = ""

    class TestsRecorded(Event, frozen=True, kw_only=True):
        """The device was tested."""

        TOPIC = "installation.tests_recorded"
        protocol: str
        passed: bool

        def apply(self, installation: Installation) -> None:
            """Note it."""
            installation.passed = self.passed
            installation.state = TESTED if self.passed else INSTALLED

    class Accepted(Event, frozen=True, kw_only=True):
        """The hospital signed the acceptance."""

        TOPIC = "installation.accepted"
        document_hash: str
        signatory: str
        accepted_at: date
        warranty_from: date | None = None
        warranty_to: date | None = None

        def apply(self, installation: Installation) -> None:
            """End it."""
            installation.state = ACCEPTED

    class AcceptanceRejected(Event, frozen=True, kw_only=True):
        """The hospital did not accept: the issues have to be mended, and the tests run again."""

        TOPIC = "installation.acceptance_rejected"
        issues: tuple[str, ...]

        def apply(self, installation: Installation) -> None:
            """Back to the tests."""
            installation.state, installation.passed = REJECTED_BY_HOSPITAL, False

    # What may be asked of it.

    def schedule(self, event: Scheduled) -> None:
        """Plan it; raises InvalidState for one that is under way."""
        if self.exists and self.state not in OPEN:
            raise InvalidState(install=self.key, state=self.state)
        self.record(event)

    def confirm_site(self, document_hash: str, stamp: Stamp) -> None:
        """Say that the site is ready; raises InvalidState."""
        self._require(SCHEDULED)
        self.record(self.SiteConfirmed(stamp.by, stamp.at, document_hash=document_hash))

    def start(self, engineer: str, stamp: Stamp) -> None:
        """Begin; raises SiteNotReady or InvalidState."""
        if self.state == SCHEDULED:
            raise SiteNotReady(install=self.key)
        self._require(SITE_READY)
        self.record(self.Started(stamp.by, stamp.at, engineer=engineer))

    def finish(self, on: date, region_code: str, stamp: Stamp) -> None:
        """Say that the device stands. A scan tells the truth, whatever was planned."""
        if self.state in OPEN:
            self.record(self.Finished(stamp.by, stamp.at, installed_on=on, region_code=region_code))

    def mismatch_found(self, scanned: str, hospital: str, stamp: Stamp) -> None:
        """Note that another device was scanned there."""
        self.record(self.Mismatched(stamp.by, stamp.at, scanned=scanned, hospital=hospital))

    def right_device_found(self, serial: str, stamp: Stamp) -> None:
        """Note that the right device was scanned where another had been."""
        if self.mismatch:
            self.record(self.MismatchCleared(stamp.by, stamp.at, scanned=serial))

    def test(self, protocol: str, stamp: Stamp, *, passed: bool) -> None:
        """Enter the tests; raises NotInstalled or InvalidState."""
        if self.state in OPEN:
            raise NotInstalled(install=self.key, state=self.state)
        self._require(INSTALLED, TESTED, REJECTED_BY_HOSPITAL)
        self.record(self.TestsRecorded(stamp.by, stamp.at, protocol=protocol, passed=passed))

    def check_acceptable(self) -> None:
        """Raise NotInstalled, TestsIncomplete or InvalidState unless it may be accepted."""
        if self.state in OPEN or not self.exists:
            raise NotInstalled(install=self.key, state=self.state)
        if self.state == ACCEPTED:
            raise InvalidState(install=self.key, state=self.state)
        if not self.passed:
            raise TestsIncomplete(install=self.key, state=self.state)

    def accept(self, event: Accepted) -> None:
        """Enter the hospital's acceptance; raises as ``check_acceptable``."""
        self.check_acceptable()
        self.record(event)

    def reject(self, issues: tuple[str, ...], stamp: Stamp) -> None:
        """Enter the hospital's refusal; raises InvalidState."""
        self._require(INSTALLED, TESTED)
        self.record(self.AcceptanceRejected(stamp.by, stamp.at, issues=issues))

    def _require(self, *states: str) -> None:
        if self.state not in states:
            raise InvalidState(install=self.key, state=self.state, required=states)
