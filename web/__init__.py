"""The console in a browser and the API for machines: both print readings and hand in commands, and decide nothing."""
