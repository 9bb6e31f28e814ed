"""What the black-box suites share: the server as a process, clients made by hand, a receiver."""
