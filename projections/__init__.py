"""Read models folded from facts. Imports domain only; holds no name of anybody."""
