"""One file a payload convention: bytes on a topic in, readings or a reason out."""
