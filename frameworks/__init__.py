"""What is assessed: framework versions, their documents and their editor."""
