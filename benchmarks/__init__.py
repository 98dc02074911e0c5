"""Measurements that print a table: what things cost on the machine at hand."""
