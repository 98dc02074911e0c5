"""What users ask for, by a name or by a query, found among what there is; tags, day by day."""
