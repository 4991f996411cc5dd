"""What the benchmark of logs measures, and the peer that it measures beside."""
