"""The facilitator's window: everything private happens here."""
