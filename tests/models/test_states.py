"""What is noted of a row stays whole, whenever Python finds out that nobody needs the row."""

import subprocess
import sys

NOTED = (
    "_instance_dict _strong_obj identity_token key load_options load_path runid session_id\n"
    "None (100,) None\n"
)


def test_a_row_found_to_be_garbage_while_its_session_closes_is_noted_once():
    closing = subprocess.run(
        [sys.executable, "-m", "tests.models.closing"], capture_output=True, text=True, check=False
    )

    assert (closing.returncode, closing.stdout) == (0, NOTED), closing.stderr
