"""What people hold in their hands: a client per party and the command line."""
