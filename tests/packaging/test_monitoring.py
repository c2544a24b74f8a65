# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""Alerts and dashboard: Prometheus takes them, each alert is raised when it should be, and they name metrics and labels
that docs/metrics.md has, which `metrics_reference` holds against the daemons."""
import json
import pathlib
import re
import subprocess
import tempfile
import unittest

import yaml

from alert_cases import CASES
from metrics_page import rows

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / "packaging" / "monitoring"
PROMTOOL = ROOT / "build" / "prometheus" / "usr" / "bin" / "promtool"

# Labels that Prometheus adds to what it scrapes, and the bound of a histogram's bucket.
ADDED = {"job", "instance", "le"}
# Metrics that Prometheus itself has of what it scrapes.
OF_PROMETHEUS = {"up": set()}


def setUpModule():
    if not PROMTOOL.exists():
        raise RuntimeError(f"{PROMTOOL} is not there; run: packaging/install-dependencies --test")


def rules():
    text = (FOLDER / "alerts.yaml").read_text(encoding="utf-8")
    return {rule["alert"]: rule for group in yaml.safe_load(text)["groups"] for rule in group["rules"]}


def dashboard():
    return json.loads((FOLDER / "grafana-dashboard.json").read_text(encoding="utf-8"))


def panels():
    """All that show something, and not only begin a row."""
    return [panel for panel in dashboard()["panels"] if panel["type"] != "row"]


def promtool(*arguments):
    done = subprocess.run([PROMTOOL, *arguments], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def metrics_in(expression):
    """The metrics of an expression, each with the labels that it is selected by."""
    bare = re.sub(r'"(?:\\.|[^"\\])*"', '""', expression)
    for name, selector in re.findall(r"\b((?:fromguard|process)_\w+|up)\b(?:\{([^}]*)\})?", bare):
        yield name, set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", selector))


def grouping_labels(expression):
    """The labels that the expression groups by."""
    return {label for listed in re.findall(r"\b(?:by|on|without|ignoring) ?\(([^)]*)\)", expression)
            for label in re.split(r"\s*,\s*", listed) if label}


class Named(unittest.TestCase):
    """What alerts and dashboard ask for is there."""

    def assert_known(self, expression, further=()):
        labels = {"le": set()}
        for name, selected in metrics_in(expression):
            base = re.sub(r"_(?:bucket|sum|count)$", "", name)
            base = base if base in rows() and rows()[base].type == "histogram" else name
            self.assertTrue(base in rows() or base in OF_PROMETHEUS, f"{name} is no metric of ours")
            own = rows()[base].labels if base in rows() else OF_PROMETHEUS[base]
            self.assertLessEqual(selected, own | ADDED)
            labels[name] = own
        self.assertGreater(len(labels), 1, "it asks for nothing")
        self.assertLessEqual(grouping_labels(expression) | set(further), set().union(*labels.values()) | ADDED)

    def test_alerts(self):
        for name, rule in rules().items():
            with self.subTest(alert=name):
                used = set(re.findall(r"\$labels\.(\w+)", " ".join(rule["annotations"].values())))
                self.assert_known(rule["expr"], used)

    def test_dashboard(self):
        for panel in panels():
            for target in panel["targets"]:
                with self.subTest(panel=panel["title"]):
                    used = set(re.findall(r"\{\{(\w+)\}\}", target.get("legendFormat", "")))
                    self.assert_known(target["expr"], used)


class Alerts(unittest.TestCase):
    """alerts.yaml by Prometheus' own tool."""

    def test_prometheus_takes_them(self):
        status, said = promtool("check", "rules", str(FOLDER / "alerts.yaml"))
        self.assertEqual(status, 0, said)

    def test_each_says_what_happened_and_what_to_do(self):
        for name, rule in rules().items():
            with self.subTest(alert=name):
                self.assertEqual(set(rule["annotations"]), {"summary", "description"})
                self.assertRegex(rule["annotations"]["description"], r"\A\w.*\.\Z")
                self.assertGreater(len(rule["annotations"]["description"]), 60)
                self.assertIn(rule["labels"]["severity"], ("critical", "warning", "info"))

    def test_each_is_raised_when_it_should_be_and_only_then(self):
        self.assertEqual(set(CASES), set(rules()))
        # What people read is not compared word by word here.
        bare = yaml.safe_load((FOLDER / "alerts.yaml").read_text(encoding="utf-8"))
        for group in bare["groups"]:
            for rule in group["rules"]:
                del rule["annotations"]
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "alerts.yaml").write_text(yaml.safe_dump(bare))
            for name, case in CASES.items():
                expected = [{"exp_labels": {**case.labels, **rules()[name]["labels"]}}]
                tests = [{"interval": "1m",
                          "input_series": [{"series": series, "values": values} for series, values in case.series.items()],
                          "alert_rule_test": [{"eval_time": case.at, "alertname": name, "exp_alerts": expected}]}]
                path = pathlib.Path(folder) / f"{name}.yaml"
                path.write_text(yaml.safe_dump({"rule_files": ["alerts.yaml"], "evaluation_interval": "1m", "tests": tests}))
                with self.subTest(alert=name):
                    status, said = promtool("test", "rules", str(path))
                    self.assertEqual(status, 0, said)

    def test_commands_in_them_exist(self):
        for program in ("fromguard-gateway", "fromguard-directory"):
            page = (ROOT / "packaging" / "man" / f"{program}.8.scd").read_text(encoding="utf-8")
            commands = {line.split("*")[1] for line in page.splitlines() if line.startswith("*")}
            for name, rule in rules().items():
                for words in re.findall(rf"{program} ([a-z-]+(?: [a-z-]+)?)", rule["annotations"]["description"]):
                    with self.subTest(alert=name, command=words):
                        self.assertTrue({words, words.split()[0]} & commands or words.split()[0] in NO_COMMANDS, words)


# Words that follow a program's name where it is no command.
NO_COMMANDS = {"and", "runs", "on", "does"}


class Dashboard(unittest.TestCase):
    """grafana-dashboard.json as Grafana imports it."""

    def test_there_is_one_data_source_and_it_is_asked_for(self):
        sources = [each for each in dashboard()["templating"]["list"] if each["type"] == "datasource"]
        self.assertEqual([each["query"] for each in sources], ["prometheus"])
        name = sources[0]["name"]
        for panel in panels():
            for each in (panel, *panel["targets"]):
                with self.subTest(panel=panel["title"]):
                    self.assertEqual(each["datasource"], {"type": "prometheus", "uid": f"${{{name}}}"})
        self.assertIsNone(dashboard()["id"])

    def test_panels_are_described_and_do_not_overlap(self):
        taken = {}
        self.assertEqual(len({panel["id"] for panel in dashboard()["panels"]}), len(dashboard()["panels"]))
        for panel in dashboard()["panels"]:
            with self.subTest(panel=panel["title"]):
                if panel["type"] != "row":
                    self.assertRegex(panel["description"], r"\A\w.*\.\Z")
                    self.assertIn("unit", panel["fieldConfig"]["defaults"])
                place = panel["gridPos"]
                self.assertLessEqual(place["x"] + place["w"], 24)
                for x in range(place["x"], place["x"] + place["w"]):
                    for y in range(place["y"], place["y"] + place["h"]):
                        self.assertNotIn((x, y), taken, f"it lies over {taken.get((x, y))}")
                        taken[(x, y)] = panel["title"]

    def test_prometheus_takes_the_expressions(self):
        expressions = [target["expr"].replace("$__rate_interval", "5m").replace("$__range", "1h").replace("$instance", ".*")
                       for panel in panels() for target in panel["targets"]]
        recorded = {"groups": [{"name": "dashboard", "rules": [{"record": f"panel:{number}", "expr": expression}
                                                              for number, expression in enumerate(expressions)]}]}
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            yaml.safe_dump(recorded, file)
            file.flush()
            status, said = promtool("check", "rules", file.name)
        self.assertEqual(status, 0, said)

    def test_every_metric_has_a_place(self):
        """What nobody can see need not be measured."""
        shown = {re.sub(r"_(?:bucket|sum|count)$", "", name) for panel in panels() for target in panel["targets"]
                 for name, _ in metrics_in(target["expr"])}
        alerted = {re.sub(r"_(?:bucket|sum|count)$", "", name) for rule in rules().values() for name, _ in metrics_in(rule["expr"])}
        self.assertEqual(set(rows()) - shown - alerted, set())


class Documented(unittest.TestCase):
    """What docs/metrics.md tells to write."""

    def test_prometheus_takes_the_configuration(self):
        text = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
        block = re.search(r"```yaml\n(.*?)```", text, re.DOTALL)[1]
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "prometheus.yml"
            path.write_text(block.replace("/usr/share/fromguard/monitoring/alerts.yaml", str(FOLDER / "alerts.yaml")))
            status, said = promtool("check", "config", str(path))
            self.assertEqual(status, 0, said)
            jobs = {each["job_name"] for each in yaml.safe_load(path.read_text())["scrape_configs"]}
        self.assertEqual(jobs, {"fromguard-gateway", "fromguard-directory"})


if __name__ == "__main__":
    unittest.main(verbosity=2)
