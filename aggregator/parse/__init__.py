"""From the bytes of a document to a raw feed."""
