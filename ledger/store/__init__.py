"""What is kept: documents, statements and secrets, by hash, written before anything is sent."""
