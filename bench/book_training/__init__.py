"""The development simulator of the book's reader, and the training of its shape test; the examiner is `bench/book`."""
