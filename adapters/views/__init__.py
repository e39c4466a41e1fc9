"""Views beside the log: movements, spans and marks, folded by one loop, asked at any corner, dropped and rebuilt at will."""
