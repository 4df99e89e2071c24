"""The room screen: a picture of its own for the projector, drawn from what others may see."""
