import threading

from clients import call

go_on = threading.Event()
threads = []


def later():
    go_on.wait()
    call("requests", "/json?after")


def test_leaves_work():
    threads.append(threading.Thread(target=later))
    threads[0].start()


def test_waits_for_it():
    go_on.set()
    threads[0].join()
    assert call("requests", "/json?own")[0] == 200
