"""The windows. The only package, with app, that knows Qt."""
