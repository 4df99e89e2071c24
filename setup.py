"""Puts resources/ into the wheel, inside the package, where facilitator/paths.py looks."""

from setuptools import find_namespace_packages, find_packages, setup

INSTALLED = "facilitator._resources"
FOLDERS = [INSTALLED, *(f"{INSTALLED}.{name}" for name in find_namespace_packages("resources"))]

setup(
    packages=[*find_packages(include=["facilitator", "facilitator.*"]), *FOLDERS],
    package_dir={INSTALLED: "resources"},
    package_data={folder: ["*"] for folder in FOLDERS},
)
