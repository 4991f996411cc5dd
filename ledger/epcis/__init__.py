"""Events in and out of JSON-LD and XML; validation; vocabulary; the CBV event hash."""
