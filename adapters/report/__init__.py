"""The report: a folder of HTML pages that opens from a disk, without a server, without a network."""
