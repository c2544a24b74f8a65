#!/usr/bin/env python3
# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""Each rule of the lints catches a planted violation and lets the allowed form pass."""
import pathlib
import tempfile
import unittest

import check_coroutines
import check_documents
import check_layering

SPDX = "\n".join(check_layering.SPDX) + "\n"


class SmallTree(unittest.TestCase):
    """Each test writes a small tree and reads what a check says about it."""

    check = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def assert_found(self, *words):
        found = list(self.check.problems(self.root))
        self.assertEqual(len(found), 1, found)
        for word in words:
            self.assertIn(word, found[0])

    def assert_clean(self):
        self.assertEqual(list(self.check.problems(self.root)), [])


class Layering(SmallTree):
    """Who includes whom, and the shape of a file."""

    check = check_layering

    def source(self, name, *includes):
        once = "#pragma once\n" if name.endswith(".h") else ""
        self.write(name, SPDX + once + "".join(f"#include {i}\n" for i in includes))

    def test_daemons_may_include_policy(self):
        self.source("gateway/session/a.cpp", '"policy/result.h"', "<vector>", "<fmt/format.h>")
        self.source("directory/sync/a.cpp", '"policy/result.h"')
        self.source("tests/gateway/a_test.cpp", '"gateway/session/a.h"', "<libmilter/mfapi.h>")
        self.assert_clean()

    def test_gateway_and_directory_never_include_each_other(self):
        self.source("gateway/a.cpp", '"directory/b.h"')
        self.assert_found("gateway/a.cpp", "directory/b.h")

    def test_directory_never_includes_gateway(self):
        self.source("directory/a.cpp", '"gateway/b.h"')
        self.assert_found("directory/a.cpp", "gateway/b.h")

    def test_policy_includes_neither(self):
        self.source("policy/a.cpp", '"gateway/b.h"')
        self.assert_found("policy/a.cpp", "gateway/b.h")

    def test_product_never_includes_tests(self):
        self.source("policy/a.cpp", '"tests/support/b.h"')
        self.assert_found("policy/a.cpp", "tests/support/b.h")

    def test_includes_start_at_the_root(self):
        self.source("policy/name/a.cpp", '"a.h"')
        self.assert_found("policy/name/a.cpp", "a.h")

    def test_each_door(self):
        for prefix, doors in check_layering.DOORS.items():
            header = prefix + "x.h" if prefix.endswith("/") else prefix + "/x.h"
            for number, door in enumerate(doors):
                inside = door.replace("*/", "gateway/").replace("*", "x")
                with self.subTest(prefix=prefix, number=number):
                    self.source(inside, f"<{header}>")
                    self.assert_clean()
                    (self.root / inside).unlink()
            with self.subTest(prefix=prefix):
                self.source("policy/people/outside.h", f"<{header}>")
                self.assert_found("policy/people/outside.h", header)
                (self.root / "policy/people/outside.h").unlink()

    def test_folders_that_include_each_other(self):
        self.source("policy/name/a.h", '"policy/config/b.h"')
        self.source("policy/config/b.h", '"policy/name/c.h"')
        self.assert_found("policy/name/a.h includes policy/config/b.h", "policy/config/b.h includes policy/name/c.h")

    def test_a_circle_of_three_rooms(self):
        self.source("policy/name/a.h", '"policy/config/b.h"')
        self.source("policy/config/b.h", '"policy/verdict/c.h"')
        self.source("policy/verdict/c.h", '"policy/name/a.h"')
        self.assert_found("policy/config -> policy/verdict -> policy/name -> policy/config")

    def test_units_outside_rooms_stand_for_themselves(self):
        self.source("gateway/settings.h")
        self.source("gateway/milter/a.h", '"gateway/settings.h"')
        self.source("gateway/main.cpp", '"gateway/milter/a.h"', '"gateway/settings.h"')
        self.assert_clean()
        self.source("gateway/settings.h", '"gateway/milter/a.h"')
        self.assert_found("gateway/milter -> gateway/settings -> gateway/milter")

    def test_units_of_one_folder_may_lean_on_each_other(self):
        self.source("directory/settings.h")
        self.source("directory/settings.cpp", '"directory/organization_settings.h"')
        self.source("directory/organization_settings.h", '"directory/settings.h"')
        self.assert_clean()

    def test_an_inner_header_stays_in_its_folder(self):
        self.source("policy/name/inner.h", "<unicode/unistr.h>")
        self.source("policy/name/user.cpp", '"policy/name/inner.h"')
        self.assert_clean()
        self.source("gateway/message/user.cpp", '"policy/name/inner.h"')
        self.assert_found("gateway/message/user.cpp", "policy/name/inner.h")

    def test_spdx_lines(self):
        self.write("tests/policy/a_test.cpp", "#include <vector>\n")
        self.assert_found("tests/policy/a_test.cpp", "SPDX")

    def test_spdx_lines_of_the_console(self):
        spdx = [line.strip("/ ") for line in check_layering.SPDX]
        self.write("directory/console/a.css", f"/* {spdx[0]} */\n/* {spdx[1]} */\n")
        self.write("directory/console/node_modules/b/b.ts", "let b;\n")
        self.assert_clean()
        self.write("tests/console/c.mjs", "let c;\n")
        self.assert_found("tests/console/c.mjs", "SPDX")

    def test_pragma_once(self):
        self.write("policy/a.h", SPDX + "#include <vector>\n")
        self.assert_found("policy/a.h", "#pragma once")

    def test_length(self):
        self.write("policy/a.cpp", SPDX + "\n" * (check_layering.LONGEST_FILE - 2))
        self.assert_clean()
        self.write("policy/a.cpp", SPDX + "\n" * (check_layering.LONGEST_FILE - 1))
        self.assert_found("policy/a.cpp", "501 lines")

    def test_refused_headers(self):
        for header in ("regex", "nlohmann/json.hpp"):
            with self.subTest(header=header):
                self.source("tests/a_test.cpp", f"<{header}>")
                self.assert_found(header)


class Documents(SmallTree):
    """Links, paths and proofs."""

    check = check_documents

    def test_what_is_there_may_be_named(self):
        self.write("policy/name/a.cpp", "")
        self.write("tests/integration/test_a.py", "class Works(TestCase):\n")
        self.write("README.md", "[a](policy/name/a.cpp) [b](https://fromguard.example) `policy/name` "
                                "`policy/n*` `test_a.py` Works")
        self.assert_clean()

    def test_dead_link(self):
        self.write("policy/PAGE.md", "[a](missing.md)")
        self.assert_found("policy/PAGE.md", "missing.md")

    def test_path_that_is_not_there(self):
        self.write("README.md", "see `gateway/missing.cpp`")
        self.assert_found("README.md", "gateway/missing.cpp")

    def test_proof_that_is_not_there(self):
        self.write("tests/integration/test_a.py", "class Works(TestCase):\n")
        self.write("README.md", "`test_a.py` Fails")
        self.assert_found("README.md", "Fails")

    def promise(self, *suites):
        links = ", ".join(f"[{each}]({each})" for each in suites)
        self.write("README.md", f"## What it promises\n\n| promise | suite |\n| --- | --- |\n| Works | {links} |\n\n## Use it\n")
        for each in suites:
            self.write(each, "")

    def test_a_promise_is_proved_by_what_ctest_or_a_step_runs(self):
        self.promise("tests/integration/test_a.py", "tests/directory/sync/b_test.cpp", "tests/faults/fault_c.py", "tests/packaging/d",
                     "tests/bench/run", "tests/evaluation/evaluate")
        self.write("tests/integration/CMakeLists.txt", "fromguard_integration_test(a)\n")
        self.write("tests/directory/CMakeLists.txt", "target_sources(directory_tests PRIVATE sync/b_test.cpp)\n")
        self.write("tests/evaluation/CMakeLists.txt", "add_test(NAME e COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/evaluate)\n")
        self.write("tests/faults/run", 'HERE.glob("fault_*.py")\n')
        self.write(".ci/run", "step faults tests/faults/run --short\nstep d tests/packaging/d --short\nstep b tests/bench/run --short\n")
        self.assert_clean()

    def test_a_promise_that_no_suite_proves(self):
        self.promise()
        self.assert_found("README.md", "Works")

    def test_a_promise_whose_suite_nobody_runs(self):
        self.promise("tests/integration/test_a.py")
        self.write("tests/integration/CMakeLists.txt", "fromguard_integration_test(ab)\n")
        self.write(".ci/run", "step a tests/integration/test_a.pyc tests/integration/run\n")
        self.assert_found("README.md", "tests/integration/test_a.py")

    def test_a_promise_whose_suite_is_not_there(self):
        self.promise("tests/faults/fault_a.py")
        (self.root / "tests/faults/fault_a.py").unlink()
        self.write("tests/faults/run", 'HERE.glob("fault_*.py")\n')
        self.write(".ci/run", "step faults tests/faults/run --short\n")
        self.assert_found("README.md", "tests/faults/fault_a.py")


class Coroutines(unittest.TestCase):
    """The forms that g++ 12 miscompiles, and the everyday ones that it does not."""

    def test_miscompiled_forms_are_found(self):
        for form in ("co_await co_spawn(io, [v = std::move(v)]() -> awaitable<void> { f(); }, use);",
                     "co_await f([t] { g(t); });",
                     "co_await f(Request{s, t});",
                     "Request r{.t = co_await make()};",
                     "Tracked r = c ? co_await make() : Tracked{};"):
            with self.subTest(form=form):
                self.assertTrue(list(check_coroutines.problems(f"void g() {{\n  {form}\n}}\n")))

    def test_everyday_forms_pass(self):
        for form in ("co_await f(std::move(name));", "auto r = co_await f(a + \"x\");",
                     "if (auto r = co_await f(x); r) { g(); }", "for (auto& x : co_await many()) { g(x); }",
                     "co_return co_await f();", "steady_timer t{co_await this_coro::executor};",
                     "use(co_await make());", "// co_await f({a, b});"):
            with self.subTest(form=form):
                self.assertEqual(list(check_coroutines.problems(f"void g() {{\n  {form}\n}}\n")), [])

    def test_the_body_of_a_const_function_is_a_block(self):
        source = "Task<X> A::f(Request r) const {\n  auto x = co_await g(std::move(r));\n}\n"
        self.assertEqual(list(check_coroutines.problems(source)), [])


if __name__ == "__main__":
    unittest.main()
