"""What holds for all tests."""

import signal
import threading

# A shell that starts the suite in the background has it ignore Ctrl-C, and programs
# that tests start and stop would inherit that and never end.
if threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.default_int_handler)
