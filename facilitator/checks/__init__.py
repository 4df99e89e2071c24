"""What stands between now and a signature: findings about a document."""
