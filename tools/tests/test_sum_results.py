import subprocess
import sys
from pathlib import Path

SUM = Path(__file__).resolve().parents[1] / "sum_results.py"
PYTEST = '<testsuites><testsuite><testcase name="a"/>{}</testsuite></testsuites>'
FAILED = '<testcase name="b"><failure message="m"/></testcase>'


def run(results, *arguments):
    ran = subprocess.run([sys.executable, SUM, results, *arguments], capture_output=True, text=True,
                         check=False)
    return ran.returncode, ran.stdout.splitlines()[-1]


def test_passes_are_summed_over_the_suites(tmp_path):
    (tmp_path / "scenarios.xml").write_text(PYTEST.format(""))
    (tmp_path / "faults.xml").write_text(PYTEST.format(""))
    assert run(tmp_path, "scenarios", "faults") == (0, "2 passed, 0 failed")


def test_a_failure_fails_the_sum(tmp_path):
    (tmp_path / "scenarios.xml").write_text(PYTEST.format(FAILED))
    assert run(tmp_path, "scenarios") == (1, "1 passed, 1 failed")


def test_a_suite_that_ran_nothing_counts_as_failed_unless_filtered(tmp_path):
    (tmp_path / "scenarios.xml").write_text(PYTEST.format(""))
    assert run(tmp_path, "scenarios", "faults") == (1, "1 passed, 1 failed")
    assert run(tmp_path, "--filtered", "scenarios", "faults") == (0, "1 passed, 0 failed")
    assert run(tmp_path, "--filtered", "faults") == (1, "0 passed, 0 failed")


def test_a_cut_report_counts_as_failed(tmp_path):
    (tmp_path / "scenarios.xml").write_text("<testsuites><testsuite>")
    assert run(tmp_path, "scenarios") == (1, "0 passed, 1 failed")


def test_a_unit_test_program_that_crashed_before_its_report_counts_as_failed(tmp_path):
    (tmp_path / "unit").mkdir()
    (tmp_path / "unit" / "base_test.xml").write_text(
        '<testsuites><testsuite><testcase name="x" status="run"/>'
        '<testcase name="y" status="notrun"/></testsuite></testsuites>')
    (tmp_path / "unit.ctest").write_text(
        '<testsuite><testcase name="base" status="run"/>'
        '<testcase name="http" status="fail"><failure message=""/></testcase>'
        '<testcase name="app" status="notrun"><skipped/></testcase></testsuite>')
    assert run(tmp_path, "unit") == (1, "1 passed, 2 failed")


def test_a_runner_that_failed_without_a_failed_test_counts_as_failed(tmp_path):
    (tmp_path / "scenarios.xml").write_text(PYTEST.format(""))
    (tmp_path / "scenarios.failed").touch()
    assert run(tmp_path, "scenarios") == (1, "1 passed, 1 failed")
