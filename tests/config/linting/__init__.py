"""What is remarked about rules and lists, and what is not."""
