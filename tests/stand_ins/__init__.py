"""Servers that play the other side of a wire: real sockets on loopback, programmed by the test."""
