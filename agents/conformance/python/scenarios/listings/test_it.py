import sys


def test_sees_no_path_of_ours():
    assert not [entry for entry in sys.path if "agents" in entry and "conformance" not in entry]
