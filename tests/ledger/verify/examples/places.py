"""Places: where things happened, whether anyone can have got there in time, and whose ground it is."""
