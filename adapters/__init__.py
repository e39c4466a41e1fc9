"""Everything that touches the world: stores, vault, clock, files in, documents out. Imports domain and projections."""
