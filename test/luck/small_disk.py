"""A disk of a test's own, small enough to fill."""
import os
import subprocess
import tempfile


def mounted(options, work):
    """Runs work(folder) on a small tmpfs of its own; False if this machine does not allow mounting."""
    folder = tempfile.mkdtemp()
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder],
                                           capture_output=True).returncode != 0:
        os.rmdir(folder)
        return False
    try:
        work(folder)
    finally:
        subprocess.run(["umount", "-l", folder], check=True)
        os.rmdir(folder)
    return True
