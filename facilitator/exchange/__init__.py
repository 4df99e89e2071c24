"""Outside formats: files in, moments and curves out; the document as JSON and back."""
