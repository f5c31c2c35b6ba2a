#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""-o: complete under its name or not there at all; and every way in which writing and reading can fail."""
import os
import stat
import subprocess
import threading
import unittest

from command import CommandTest

LARGE = b"0123456789abcdef" * 65536  # more than a pipe holds


class Atomic(CommandTest):
    def mode(self, name):
        return stat.S_IMODE(os.stat(self.path(name)).st_mode)

    def test_it_is_written(self):
        self.write("in", b"<a>")
        self.assertEqual(self.rewrite("-q", "-r", "a", "b", "-o", "out", "in").status, 0)
        self.assertEqual((self.read("out"), self.names()), (b"<b>", ["in", "out"]))

    def test_the_inputs_mode_is_kept(self):
        self.write("in", b"a")
        for mode in (0o755, 0o644, 0o600, 0o444, 0o555, 0o711, 0o4755, 0o2755, 0o1644):
            with self.subTest(mode=oct(mode)):
                os.chmod(self.path("in"), mode)
                self.assertEqual(self.rewrite("-q", "-r", "a", "b", "-o", "out", "in").status, 0)
                self.assertEqual(oct(self.mode("out")), oct(self.mode("in")))

    @unittest.skipUnless(os.geteuid() == 0, "needs root, to own a file as somebody else")
    def test_set_id_bits_are_not_passed_on_to_another_owner(self):
        self.write("in", b"a")
        os.chown(self.path("in"), 12345, 12345)
        os.chmod(self.path("in"), 0o6755)
        self.assertEqual(self.rewrite("-q", "-r", "a", "b", "-o", "out", "in").status, 0)
        self.assertEqual(oct(self.mode("out")), oct(0o755))

    def test_from_standard_input_it_is_0666_less_umask(self):
        for umask in (0o022, 0o077, 0o002):
            result = self.rewrite("-q", "-r", "a", "b", "-o", f"out{umask}", stdin=b"a", preexec_fn=lambda: os.umask(umask))
            self.assertEqual(result.status, 0)
            self.assertEqual(oct(self.mode(f"out{umask}")), oct(0o666 & ~umask))

    def test_an_older_output_does_not_lend_its_mode(self):
        self.write("in", b"a")
        self.write("out", b"")
        os.chmod(self.path("in"), 0o755)
        os.chmod(self.path("out"), 0o600)
        self.assertEqual(self.rewrite("-q", "-r", "a", "b", "-o", "out", "in").status, 0)
        self.assertEqual(oct(self.mode("out")), oct(0o755))

    def test_out_may_be_in_and_is_a_new_inode(self):
        self.write("x", LARGE + b"<a0>")
        os.chmod(self.path("x"), 0o751)
        before = os.stat(self.path("x"))
        self.assertEqual(self.rewrite("-q", "-r", "<a0>", "<b0>", "-o", "x", "x").status, 0)
        self.assertEqual(self.read("x"), LARGE + b"<b0>")
        self.assertNotEqual(os.stat(self.path("x")).st_ino, before.st_ino)
        self.assertEqual((oct(self.mode("x")), self.names()), (oct(0o751), ["x"]))

    def test_another_name_of_the_old_file_keeps_the_old_bytes(self):
        self.write("x", b"a")
        os.link(self.path("x"), self.path("y"))
        self.assertEqual(self.rewrite("-q", "-r", "a", "b", "-o", "x", "x").status, 0)
        self.assertEqual((self.read("x"), self.read("y")), (b"b", b"a"))

    def test_a_links_target_is_replaced_not_the_link(self):
        os.mkdir(self.path("deep"))
        self.write("deep/target", b"old")
        os.symlink("deep/target", self.path("link"))
        os.symlink(self.path("link"), self.path("deep/link"))
        self.assertEqual(self.rewrite("-q", "-r", "a", "b", "-o", "deep/link", stdin=b"a").status, 0)
        self.assertEqual(self.read("deep/target"), b"b")
        self.assertTrue(os.path.islink(self.path("link")) and os.path.islink(self.path("deep/link")))
        self.assertEqual((self.names(), sorted(os.listdir(self.path("deep")))), (["deep", "link"], ["link", "target"]))

    def test_a_link_to_nothing_yet(self):
        os.mkdir(self.path("deep"))
        os.symlink("deep/new", self.path("link"))
        self.assertEqual(self.rewrite("-q", "-r", "a", "b", "-o", "link", stdin=b"a").status, 0)
        self.assertEqual(self.read("deep/new"), b"b")
        self.assertTrue(os.path.islink(self.path("link")))

    def test_a_link_to_itself(self):
        os.symlink("loop", self.path("loop"))
        result = self.rewrite("-r", "a", "b", "-o", "loop", stdin=b"a")
        self.assertEqual(result.status, 1)
        self.assertIn("reseal: loop: cannot follow the link: Too many levels", result.err)

    def test_a_long_name(self):
        name = "n" * 255
        self.assertEqual(self.rewrite("-q", "-r", "a", "b", "-o", name, stdin=b"a").status, 0)
        self.assertEqual((self.names(), self.read(name)), ([name], b"b"))


class Straight(CommandTest):
    def test_a_fifo(self):
        os.mkfifo(self.path("fifo"))
        got = []
        reader = threading.Thread(target=lambda: got.append(self.read("fifo")))
        reader.start()
        result = self.rewrite("-q", "-r", "a!", "b!", "-o", "fifo", stdin=b"a!" + LARGE)
        reader.join()
        self.assertEqual((result.status, got), (0, [b"b!" + LARGE]))
        self.assertTrue(stat.S_ISFIFO(os.stat(self.path("fifo")).st_mode))
        self.assertEqual(self.names(), ["fifo"])

    def test_dev_null_stays_what_it_is(self):
        self.assertEqual(self.rewrite("-q", "-r", "a", "b", "-o", "/dev/null", stdin=b"a").status, 0)
        self.assertTrue(stat.S_ISCHR(os.stat("/dev/null").st_mode))

    def test_dev_stdout_is_standard_output(self):
        for name in ("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "-"):
            result = self.rewrite("-q", "-r", "a", "b", "-o", name, stdin=b"a")
            self.assertEqual((result.status, result.out), (0, b"b"))

    def test_dev_stdout_goes_on_where_standard_output_stands(self):
        with open(self.path("file"), "wb") as file:
            file.write(b"before ")
            file.flush()
            result = self.rewrite("-q", "-r", "a", "b", "-o", "/dev/stdout", stdin=b"a", stdout=file)
            file.seek(0, os.SEEK_END)
            file.write(b" behind")
        self.assertEqual((result.status, self.read("file")), (0, b"before b behind"))

    def test_a_link_to_dev_stdout(self):
        os.symlink("/dev/stdout", self.path("link"))
        result = self.rewrite("-q", "-r", "a", "b", "-o", "link", stdin=b"a")
        self.assertEqual((result.status, result.out, self.names()), (0, b"b", ["link"]))


class Failure(CommandTest):
    def assert_fails(self, result, message, left):
        self.assertEqual(result.status, 1)
        self.assertIn(message, result.err)
        self.assertEqual(self.names(), left)

    def test_a_missing_input(self):
        self.assert_fails(self.rewrite("-r", "a", "b", "-o", "out", "--report", "r", "missing"),
                          "reseal: missing: cannot open: No such file or directory", [])

    def test_a_folder_as_input(self):
        self.assert_fails(self.rewrite("-r", "a", "b", "-o", "out", "."), "reseal: .: cannot read: Is a directory", [])

    @unittest.skipIf(os.geteuid() == 0, "root may read everything")
    def test_an_unreadable_input(self):
        self.write("in", b"a")
        os.chmod(self.path("in"), 0)
        self.assert_fails(self.rewrite("-r", "a", "b", "-o", "out", "in"), "reseal: in: cannot open: Permission denied", ["in"])

    @unittest.skipUnless(os.path.exists("/proc/self/mem"), "needs /proc/self/mem, which fails when it is read")
    def test_an_input_that_fails_while_it_is_read(self):
        self.assert_fails(self.rewrite("-r", "a", "b", "-o", "out", "--report", "report", "/proc/self/mem"),
                          "reseal: /proc/self/mem: cannot read: Input/output error", ["report"])
        self.assertIn(b'"sha256":null', self.read("report"))

    def test_a_missing_folder(self):
        self.assert_fails(self.rewrite("-r", "a", "b", "-o", "no/out", stdin=b"a"),
                          "reseal: no/out: cannot create: No such file or directory", [])
        self.assert_fails(self.rewrite("-r", "a", "b", "-o", "out", "--report", "no/report", stdin=b"a"),
                          "reseal: no/report: cannot create: No such file or directory", [])

    def test_a_folder_as_output(self):
        os.mkdir(self.path("folder"))
        for name in ("folder", "folder/"):
            self.assert_fails(self.rewrite("-r", "a", "b", "-o", name, stdin=b"a"), f"reseal: {name}: cannot write: Is a directory",
                              ["folder"])
        self.assert_fails(self.rewrite("-r", "a", "b", "-o", "new/", stdin=b"a"), "reseal: new/: cannot create: ", ["folder"])

    def test_a_full_disk(self):
        self.assert_fails(self.rewrite("-r", "a", "b", "-o", "/dev/full", stdin=LARGE),
                          "reseal: /dev/full: cannot write: No space left on device", [])
        self.assert_fails(self.rewrite("-r", "a", "b", "-o", "/dev/full", stdin=b"less than is gathered"),
                          "reseal: /dev/full: cannot write: No space left on device", [])
        with open("/dev/full", "wb") as full:
            self.assert_fails(self.rewrite("-r", "a", "b", stdin=LARGE, stdout=full),
                              "reseal: standard output: cannot write: No space left on device", [])

    def test_a_full_disk_for_the_report_leaves_no_output(self):
        self.assert_fails(self.rewrite("-r", "a", "b", "-o", "out", "--report", "/dev/full", stdin=b"a"),
                          "reseal: /dev/full: cannot write: No space left on device", [])

    def test_a_file_that_may_not_grow(self):
        import resource
        self.write("out", b"as it was")
        result = self.rewrite("-r", "a", "b", "-o", "out", stdin=LARGE,
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)))
        self.assert_fails(result, "reseal: out: cannot write: File too large", ["out"])
        self.assertEqual(self.read("out"), b"as it was")

    def test_a_broken_pipe(self):
        read, write = os.pipe()
        os.close(read)
        try:
            result = self.rewrite("-r", "a", "b", stdin=LARGE, stdout=write)
        finally:
            os.close(write)
        self.assert_fails(result, "reseal: standard output: cannot write: Broken pipe", [])

    def test_a_broken_pipe_behind_a_fifo(self):
        os.mkfifo(self.path("fifo"))
        reader = threading.Thread(target=lambda: open(self.path("fifo"), "rb").close())
        reader.start()
        result = self.rewrite("-r", "a", "b", "-o", "fifo", stdin=LARGE)
        reader.join()
        self.assert_fails(result, "reseal: fifo: cannot write: Broken pipe", ["fifo"])

    def test_closed_standard_descriptors(self):
        def run(arguments, closed):
            return subprocess.run(["sh", "-c", f'exec "$@" {closed}', "sh", os.environ["RESEAL"], "rewrite", *arguments],
                                  cwd=self.folder, capture_output=True, input=b"a", timeout=60, check=False)

        result = run(["-r", "a", "b"], ">&-")
        self.assertEqual(result.returncode, 1)
        self.assertIn(b"reseal: standard output: cannot ", result.stderr)
        result = run(["-r", "a", "b", "-o", "out"], "<&-")
        self.assertEqual((result.returncode, self.names()), (1, []))
        self.assertIn(b"reseal: standard input: cannot ", result.stderr)
        # Nobody hears the summary; it must not end up in the output.
        result = run(["-r", "a", "b", "-o", "out"], "2>&-")
        self.assertEqual((result.returncode, self.read("out")), (0, b"b"))

    @unittest.skipIf(os.geteuid() == 0, "root may write everywhere")
    def test_a_folder_that_takes_no_files(self):
        os.chmod(self.path("."), 0o500)
        result = self.rewrite("-r", "a", "b", "-o", "out", stdin=b"a")
        os.chmod(self.path("."), 0o700)
        self.assert_fails(result, "reseal: out: cannot create: Permission denied", [])


if __name__ == "__main__":
    unittest.main()
