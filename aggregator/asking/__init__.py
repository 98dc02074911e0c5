"""What users ask for, found among what there is; tags by the day, and how feeds do, in words."""
