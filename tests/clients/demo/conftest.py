import pytest

from clients.demo import frauds
from clients.demo.run import Demo, demo


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """The demo, told to its end: the run, its steps, the auditor's verdict and timeline."""
    homes = tmp_path_factory.mktemp("homes")
    with demo(homes) as run:
        steps = list(run.story())
        verdict, timeline = run.audit()
        frauds.prepare(run.border)
        yield Told(run, homes, steps, verdict, timeline)


class Told:
    def __init__(self, run: Demo, homes, steps, verdict, timeline):
        self.run, self.homes, self.steps, self.verdict, self.timeline = run, homes, steps, verdict, timeline
