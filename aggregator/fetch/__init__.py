"""From what is known of a feed to a document, over the network or from a file."""
