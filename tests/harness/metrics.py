"""The figures of a server, read as strictly as the exposition format allows."""

from __future__ import annotations

import re

from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from .server import Server
from .web import fetch

# Base units of the Prometheus conventions; other names count things or tell a state.
FOREIGN_UNITS = re.compile(
    r"_(milliseconds|microseconds|nanoseconds|ms|us|minutes|hours|days|kilobytes|megabytes|"
    r"kb|mb|mib|percent)(_|$)")


class Metrics:
    """One reading of /metrics. Fails when something in it is not as it must be."""

    def __init__(self, server: Server):
        answer = fetch(server.url + "/metrics")
        assert answer.status == 200
        assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
        self.text = answer.body.decode()
        self.families = {family.name: family
                         for family in text_string_to_metric_families(self.text)}
        self._check()

    def samples(self, name: str) -> list[Sample]:
        return [sample for family in self.families.values() for sample in family.samples
                if sample.name == name]

    def value(self, name: str, **labels: str) -> float:
        """The one sample of that name whose labels are these and maybe others, else their sum."""
        found = [sample.value for sample in self.samples(name)
                 if labels.items() <= sample.labels.items()]
        assert found, (name, labels)
        return sum(found)

    def sample_names(self) -> set[str]:
        return {sample.name for family in self.families.values() for sample in family.samples}

    def _check(self) -> None:
        heads = re.findall(r"^# (HELP|TYPE) (\S+)", self.text, re.MULTILINE)
        assert len(heads) == len(set(heads)), "a head is there twice"
        assert {name for kind, name in heads if kind == "HELP"} == \
            {name for kind, name in heads if kind == "TYPE"}
        seen = set()
        for family in self.families.values():
            assert family.documentation and family.type in ("counter", "gauge", "histogram")
            assert re.fullmatch(r"(hookreel|process)_[a-z0-9_]+", family.name), family.name
            assert not FOREIGN_UNITS.search(family.name), family.name
            for sample in family.samples:
                key = (sample.name, tuple(sorted(sample.labels.items())))
                assert key not in seen, f"{key} is there twice"
                seen.add(key)
                if family.type == "counter":
                    assert sample.name.endswith("_total") and sample.value >= 0, sample
                if family.type == "gauge":
                    assert not sample.name.endswith("_total"), sample
            if family.type == "histogram":
                self._check_histogram(family.name)

    def _check_histogram(self, name: str) -> None:
        buckets = [(float(sample.labels["le"]), sample.value)
                   for sample in self.samples(f"{name}_bucket")]
        assert [bound for bound, _ in buckets] == sorted({bound for bound, _ in buckets})
        assert [count for _, count in buckets] == sorted(count for _, count in buckets)
        assert buckets[-1] == (float("inf"), self.value(f"{name}_count"))
        assert self.value(f"{name}_sum") >= 0
