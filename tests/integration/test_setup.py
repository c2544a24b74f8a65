#!/usr/bin/env python3
# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""`fromguard-gateway setup` on a real Postfix and a real Sendmail: added, asked, taken out again."""
import pathlib
import re
import subprocess
import tempfile
import unittest

from support.daemons import program, run_program
from support.postfix import Postfix
from support.sendmail import MACROS, SITE_MC, Sendmail, can_unshare
from support.site import SiteTestCase, forged, genuine
from support.waiting import free_port, wait_until

POLICY = """\
version: 1
mode: enforce
authentication: {require: never}
rules:
  - name: refuse
    then: {disposition: malicious, action: reject}
"""


def text(octets):
    return octets.decode(errors="replace")


class PostfixOfItsOwn(Postfix):
    """A Postfix that has never heard of the gateway, and has a milter of its own: one that is down, and
    that it does without. Its smtpd runs in a chroot, as Debian's does."""

    def __init__(self, folder, milter_port, sink_port, relay_domains):
        super().__init__(folder, milter_port, sink_port, relay_domains)
        self.folder = self._configuration
        self.main_cf = self.folder / "main.cf"
        self.other = f"{{ inet:127.0.0.1:{free_port()}, default_action=accept }}"
        before = self.main_cf.read_text()
        self.main_cf.write_text(before.replace(f"smtpd_milters = inet:127.0.0.1:{milter_port}\n",
                                               f"# Ours.\nsmtpd_milters = {self.other}\n"))
        master = self.folder / "master.cf"
        master.write_text(master.read_text().replace(f":{self.port} inet n - n ", f":{self.port} inet n - y "))

    def copies(self):
        """The copies that were kept of main.cf."""
        return sorted(self.folder.glob("main.cf.fromguard-*"))

    def setting(self, name):
        return self._run("postconf", "-h", name).rstrip("\n")

    @property
    def spool(self):
        return self._folder / "spool"


class OnPostfix(SiteTestCase):
    make_mta = PostfixOfItsOwn
    policy = POLICY

    def setUp(self):
        self.postfix = self.site.mta
        self.before = self.postfix.main_cf.read_bytes()
        self.addCleanup(self.restore)
        if not self.site.gateway.running:
            self.site.gateway.start()

    def restore(self):
        for copy in self.postfix.copies():
            copy.unlink()
        if self.postfix.main_cf.read_bytes() != self.before:
            self.postfix.main_cf.write_bytes(self.before)
            self.postfix.reload()

    def set_up(self, *options, config=None, status=0):
        done = run_program("fromguard-gateway", "setup", "postfix", "--config",
                           config or self.site.gateway.configuration, "--postfix-config", self.postfix.folder, *options)
        self.assertEqual(done.returncode, status, text(done.stdout + done.stderr))
        return text(done.stdout), text(done.stderr)

    def answer_becomes(self, code):
        """Waits until a forged message gets this answer: Postfix reloads while its smtpds go on."""
        wait_until(lambda: self.site.send(forged()).code == code, f"a forged message to get {code}")

    def test_without_apply_the_lines_are_shown_and_nothing_changes(self):
        output, _ = self.set_up()
        self.assertRegex(output, rf"\n    fromguard_milter = {{ inet:127.0.0.1:{self.site.gateway.milter_port}, "
                                 r".*default_action=tempfail }\n")
        self.assertIn(f"\n    smtpd_milters = {self.postfix.other}, $fromguard_milter\n", output)
        self.assertIn("--apply\n", output)
        self.assertEqual(self.postfix.main_cf.read_bytes(), self.before)
        self.assertEqual(self.postfix.copies(), [])

    def test_applied_it_is_asked_and_removed_all_is_as_before(self):
        self.assertEqual(self.site.send(forged()).code, 250)
        output, _ = self.set_up("--apply", "--reload")
        (copy,) = self.postfix.copies()
        self.assertEqual(copy.read_bytes(), self.before)
        self.assertIn(f"cp -p {copy} {self.postfix.main_cf}\n", output)
        self.assertEqual(self.postfix.setting("smtpd_milters"), f"{self.postfix.other}, $fromguard_milter")
        self.answer_becomes(550)
        self.site.pass_through(genuine())
        self.set_up("--remove", "--reload")
        self.assertEqual(self.postfix.main_cf.read_bytes(), self.before)
        self.answer_becomes(250)

    def test_a_second_time_changes_nothing(self):
        self.set_up("--apply")
        applied, copies = self.postfix.main_cf.read_bytes(), self.postfix.copies()
        self.assertIn("nothing was changed", self.set_up("--apply")[0])
        self.assertEqual((self.postfix.main_cf.read_bytes(), self.postfix.copies()), (applied, copies))
        self.set_up("--remove")
        copies = self.postfix.copies()
        self.assertIn("nothing was changed", self.set_up("--remove")[0])
        self.assertEqual((self.postfix.main_cf.read_bytes(), self.postfix.copies()), (self.before, copies))

    def test_while_the_gateway_is_down_mail_comes_later(self):
        self.set_up("--apply", "--reload")
        self.answer_becomes(550)
        self.site.gateway.kill()
        self.assertEqual(self.site.send(genuine()).code, 451)

    def test_nothing_is_changed_before_the_gateway_is_there(self):
        self.site.gateway.stop()
        _, errors = self.set_up("--apply", "--reload", status=69)
        self.assertIn("was not changed", errors)
        self.assertEqual((self.postfix.main_cf.read_bytes(), self.postfix.copies()), (self.before, []))
        self.assertIn("nothing listens", self.set_up()[1])

    def test_postfix_is_not_reloaded_while_the_gateway_is_gone(self):
        self.set_up("--apply")
        self.site.gateway.stop()
        self.assertIn("was not reloaded", self.set_up("--apply", "--reload", status=69)[1])

    def test_a_change_that_fails_leaves_main_cf_as_it_was(self):
        obstacle = self.postfix.folder / "main.cf.tmp"  # what postconf writes before it renames
        obstacle.mkdir()
        self.addCleanup(obstacle.rmdir)
        _, errors = self.set_up("--apply", status=69)
        self.assertIn("is as it was", errors)
        self.assertEqual(self.postfix.main_cf.read_bytes(), self.before)

    def test_of_a_parameter_that_is_set_twice_the_last_one_counts(self):
        self.postfix.main_cf.write_bytes(self.before + b"smtpd_milters = inet:127.0.0.1:1\n")
        self.set_up("--apply")
        self.assertEqual(self.postfix.setting("smtpd_milters"), "inet:127.0.0.1:1, $fromguard_milter")

    def test_a_linked_main_cf_is_left_to_a_person(self):
        target = self.postfix.folder / "managed.cf"
        self.postfix.main_cf.rename(target)
        self.postfix.main_cf.symlink_to(target)
        self.addCleanup(target.rename, self.postfix.main_cf)
        self.assertIn("symbolic link", self.set_up("--apply", status=65)[1])
        self.assertEqual(target.read_bytes(), self.before)

    def unix_config(self, socket):
        config = self.site.folder / "unix.yaml"
        shipped = self.site.gateway.configuration.read_text()
        config.write_text(re.sub(r"listen: .*", f"listen: unix:{socket}\nsocket_group: postfix", shipped))
        return config

    def test_a_socket_that_the_chroot_hides_is_refused(self):
        _, errors = self.set_up("--apply", config=self.unix_config("/run/fromguard/gateway.sock"), status=78)
        self.assertIn("chroot", errors)
        self.assertIn(f"listen: unix:{self.postfix.spool}/fromguard/gateway.sock", errors)
        self.assertEqual(self.postfix.main_cf.read_bytes(), self.before)

    def test_a_socket_in_the_queue_folder_is_reached_from_the_chroot(self):
        folder = self.postfix.spool / "fromguard"
        folder.mkdir(mode=0o755)
        self.site.gateway.stop()
        shipped = self.site.gateway.configuration.read_text()
        self.addCleanup(self.site.gateway.configuration.write_text, shipped)
        config = self.unix_config(folder / "gateway.sock")
        self.site.gateway.configuration.write_text(config.read_text())
        self.site.gateway.spawn()
        self.addCleanup(self.site.gateway.stop)
        self.site.gateway.wait_for_health("/readyz")
        self.set_up("--apply", "--reload")
        self.assertIn("{ unix:fromguard/gateway.sock,", self.postfix.setting("fromguard_milter"))
        self.answer_becomes(550)

    def test_services_that_go_another_way_are_named(self):
        master = self.postfix.folder / "master.cf"
        kept = master.read_text()
        self.addCleanup(master.write_text, kept)
        master.write_text(kept + f"127.0.0.1:{free_port()} inet n - n - - smtpd\n  -o smtpd_milters=\n")
        _, errors = self.set_up()
        self.assertRegex(errors, r"warning: 127\.0\.0\.1:\d+/inet in master\.cf has smtpd_milters of its own")
        self.assertNotIn(f":{self.postfix.outbound_port}/inet", errors, "the service for outbound mail has the gateway")

    def test_what_is_missing_is_named(self):
        empty = self.site.folder / "empty"
        empty.mkdir(exist_ok=True)
        done = run_program("fromguard-gateway", "setup", "postfix", "--config", self.site.gateway.configuration,
                           "--postfix-config", empty)
        self.assertEqual(done.returncode, 66, text(done.stderr))
        if can_unshare():
            done = subprocess.run(
                ["unshare", "--mount", "sh", "-c", 'mount --bind "$1" /usr/sbin && shift && exec "$@"', "sh", empty,
                 program("fromguard-gateway"), "setup", "postfix", "--config", self.site.gateway.configuration],
                check=False, capture_output=True, timeout=60)
            self.assertEqual(done.returncode, 69)
            self.assertIn("apt-get install postfix", text(done.stderr))


class SendmailOfItsOwn(Sendmail):
    """A Sendmail whose sendmail.mc has no filter until `setup` has put one there."""

    def _expand(self, **macros):
        self.mc = self._folder / "sendmail.mc"
        definitions = "".join(f"define(`{name}', `{value}')dnl\n" for name, value in macros.items())
        without = re.sub(r"^.*INPUT_MAIL_FILTER.*\n", "", SITE_MC.read_text(), flags=re.M)
        self.mc.write_text(definitions + without)
        self.make()

    def make(self):
        """sendmail.cf from sendmail.mc, as `make -C /etc/mail` would."""
        done = subprocess.run(["m4", f"-D_CF_DIR_={MACROS}/", MACROS / "m4" / "cf.m4", self.mc], check=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
        self._configuration.write_bytes(done.stdout)

    def restart(self):
        self.make()
        self.stop()
        self.start()

    def copies(self):
        return sorted(self._folder.glob("sendmail.mc.fromguard-*"))


class OnSendmail(SiteTestCase):
    make_mta = SendmailOfItsOwn
    policy = POLICY

    def setUp(self):
        self.mc = self.site.mta.mc
        self.before = self.mc.read_bytes()
        self.addCleanup(self.mc.write_bytes, self.before)

    def tearDown(self):
        for copy in self.site.mta.copies():
            copy.unlink()

    def set_up(self, *options, status=0):
        done = run_program("fromguard-gateway", "setup", "sendmail", "--config", self.site.gateway.configuration,
                           "--sendmail-mc", self.mc, "--sendmail-cf", MACROS, *options)
        self.assertEqual(done.returncode, status, text(done.stdout + done.stderr))
        return text(done.stdout), text(done.stderr)

    def test_applied_it_is_asked_and_removed_all_is_as_before(self):
        self.assertEqual(self.site.send(forged()).code, 250)
        output, _ = self.set_up()
        self.assertEqual(self.mc.read_bytes(), self.before)
        line = (f"INPUT_MAIL_FILTER(`fromguard', `S=inet:{self.site.gateway.milter_port}@127.0.0.1, "
                "F=T, T=C:10s;S:30s;R:30s;E:2m')dnl\n")
        self.assertIn(line, output)
        output, _ = self.set_up("--apply")
        (copy,) = self.site.mta.copies()
        self.assertEqual(copy.read_bytes(), self.before)
        self.assertIn(f"cp -p {copy} {self.mc}\n", output)
        self.assertIn(line + "MAILER(", self.mc.read_text())
        self.site.mta.restart()
        self.assertEqual(self.site.send(forged()).code, 550)
        self.site.pass_through(genuine())
        applied = self.mc.read_bytes()
        self.assertIn("nothing was changed", self.set_up("--apply")[0])
        self.assertEqual((self.mc.read_bytes(), self.site.mta.copies()), (applied, [copy]))
        self.set_up("--remove")
        self.assertEqual(self.mc.read_bytes(), self.before)
        self.assertIn("nothing was changed", self.set_up("--remove")[0])
        self.site.mta.restart()
        self.assertEqual(self.site.send(forged()).code, 250)

    def test_what_m4_cannot_expand_is_left_as_it_was(self):
        broken = self.before + b"include(`/nonexistent.m4')dnl\n"
        self.mc.write_bytes(broken)
        _, errors = self.set_up("--apply", status=69)
        self.assertIn("nonexistent.m4", errors)
        self.assertEqual(self.mc.read_bytes(), broken)

    def test_filters_that_are_listed_without_it_are_named(self):
        listed = self.before + b"define(`confINPUT_MAIL_FILTERS', `other')dnl\nMAIL_FILTER(`fromguard', " + \
            f"`S=inet:{self.site.gateway.milter_port}@127.0.0.2, F=T')dnl\n".encode()
        self.mc.write_bytes(listed)
        _, errors = self.set_up("--apply", status=65)
        self.assertIn("confINPUT_MAIL_FILTERS", errors)
        self.assertEqual(self.mc.read_bytes(), listed)

    def test_a_file_that_is_not_there_is_named(self):
        with tempfile.TemporaryDirectory() as folder:
            done = run_program("fromguard-gateway", "setup", "sendmail", "--config", self.site.gateway.configuration,
                               "--sendmail-mc", pathlib.Path(folder) / "sendmail.mc")
        self.assertEqual(done.returncode, 66)
        self.assertIn("--sendmail-mc", text(done.stderr))


if __name__ == "__main__":
    unittest.main(verbosity=2)
