"""The jobs that the route defers."""
