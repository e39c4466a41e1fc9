"""The conditions of each step: plain functions of a case, each with its kind and its text."""
