"""lodeplan: which mix of onshore, friendshore and recycled supply meets a country's demand for critical minerals."""
