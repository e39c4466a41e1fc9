"""What relance costs: each work beside a floor measured in the same run, printed as a table by `make bench`."""
