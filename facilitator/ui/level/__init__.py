"""The one question: which chain level was missing?"""
