"""What a run of a study will do."""

from typing import Any, Dict, List, NamedTuple, Optional


class Theory(NamedTuple):
    """A theory that will answer, and what it claims to be."""

    #: Its name, for example ``memory``.
    method: str
    #: Exact, or an approximation of what; the weakest of the points.
    claim: str


class Preview:
    """What a run of a study will do, before it does it: the answer of :meth:`ness.Study.check`."""

    def __init__(self, told: Dict[str, Any]) -> None:
        #: Number of points of the sweep.
        self.points: int = told["points"]
        #: Those that are simulated.
        self.simulated: int = told["simulated"]
        #: Those of them that are finished in the store.
        self.finished: int = told["finished"]
        #: Expected time of what is left to simulate [s]; None if short trials cannot tell.
        self.seconds: Optional[float] = told.get("seconds")
        #: Largest relative error of the heat current to be expected; None if it cannot be told.
        self.relative_error: Optional[float] = told.get("relativeError")
        #: The theories that will answer, the best first.
        self.theories: List[Theory] = [Theory(each["method"], each["claim"]) for each in told["theories"]]
        #: Why theories refuse a point or a question, each reason once.
        self.refusals: List[str] = [each["text"] for each in told["refusals"]]
        #: Settings that are chosen, and warnings (they begin with ``warning:``), each sentence once.
        self.notes: List[str] = [each["text"] for each in told["notes"]]

    def __repr__(self) -> str:
        time = "time unknown" if self.seconds is None else f"about {self.seconds:.2g} s"
        error = "" if self.relative_error is None else f", error about {100 * self.relative_error:.2g} %"
        lines = [f"<ness.Preview: {self.points} points, {self.simulated} simulated, {self.finished} finished; {time}{error}>"]
        lines += [f"theory   {each.method}: {each.claim}" for each in self.theories]
        lines += [f"refused  {each}" for each in self.refusals]
        return "\n".join(lines + self.notes)
