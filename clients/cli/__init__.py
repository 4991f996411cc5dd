"""The command line `smartborder`."""
