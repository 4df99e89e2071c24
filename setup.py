"""Puts resources/ into the wheel, inside the package, where facilitator/paths.py looks."""

from setuptools import find_packages, setup

INSTALLED = "facilitator._resources"

setup(
    packages=[*find_packages(include=["facilitator", "facilitator.*"]), INSTALLED],
    package_dir={INSTALLED: "resources"},
    package_data={INSTALLED: ["**/*"]},
)
