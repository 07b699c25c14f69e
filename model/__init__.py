"""lodeplan: least-cost sourcing of critical minerals."""

__version__ = "0.1.0"
