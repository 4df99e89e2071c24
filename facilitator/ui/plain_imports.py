"""Importing this takes away PySide's look into every module that is imported after it.

PySide reads the source of each module to learn whether it wants other names for Qt's functions
(`__feature__`). None of ours does, and the looking is an eighth of the time until the first window.
"""

from __future__ import annotations

import builtins

import PySide6.QtCore  # noqa: F401

builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
