# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""Both programs' configurations and a published generation, without mail."""
import pathlib
import shutil
import tempfile
import unittest

from support.daemons import Directory, Gateway
from support.site import ORGANIZATIONS, write_people
from support.waiting import free_port


class OfflineTestCase(unittest.TestCase):
    """A new folder for each class: `directory` has published generation 1, `gateway` has `policy`."""

    policy = "version: 1\nmode: enforce\n"

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="fromguard-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.directory = Directory(cls.folder / "directory", ORGANIZATIONS)
        write_people(cls.directory)
        cls.directory.publish()
        cls.gateway = Gateway(cls.folder / "gateway", cls.directory.snapshots)
        # Offline: DNS fails at once.
        cls.gateway.configure(f'dns: {{servers: ["127.0.0.1:{free_port()}"], timeout: 1s}}\n')
        cls.gateway.write_policy(cls.policy)
