"""How the HTML report looks, on a screen by day or night and on paper.

Colours are the themes', as variables by token, so that drawings follow them too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

_SHEET: Final = """
body { margin: 0; background: var(--backdrop); color: var(--text);
  font: 16px/1.5 "Noto Sans", system-ui, sans-serif; }
main { max-width: 900px; margin: 24px auto; padding: 40px 48px; background: var(--ground); }
h1, h2, h3, p, li, dt, dd, th, td, figcaption { overflow-wrap: anywhere; unicode-bidi: plaintext; }
.mark, .small, strong { unicode-bidi: isolate; }
h1 { font-size: 32px; line-height: 1.2; margin: 4px 0 8px; }
h2 { font-size: 22px; line-height: 1.3; margin: 36px 0 10px; }
h3 { font-size: 17px; margin: 24px 0 6px; }
p { margin: 0 0 10px; }
.lead { font-size: 17px; }
.second, figcaption, dt { color: var(--text-second); }
.small { font-size: 13px; color: var(--text-second); }
.strong, .warning { font-weight: 700; }
.warning { color: var(--danger); }
.quote { font-style: italic; }
.mono { font-family: ui-monospace, monospace; font-size: 13px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(130px, 1fr)); gap: 20px;
  list-style: none; padding: 16px 0; margin: 20px 0; border-top: 2px solid var(--text);
  border-bottom: 1px solid var(--border-soft); }
.tiles strong { display: block; font-size: 28px; line-height: 1.2; }
.tiles span { display: block; }
.callout { border-left: 5px solid var(--accent); background: var(--card); padding: 12px 18px 4px;
  margin: 12px 0; }
.callout.fix { border-color: var(--root); background: var(--root-ground); }
.callout.warning { border-color: var(--hint); background: var(--hint-ground); color: var(--text);
  font-weight: 400; }
.draft { float: right; margin: 0 0 0 16px; padding: 2px 10px; font-weight: 700; font-size: 14px;
  color: var(--severity); background: var(--severity-ground); }
.wide { overflow-x: auto; margin: 12px 0; }
.short, thead th { white-space: nowrap; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th, td { text-align: start; vertical-align: top; padding: 6px 10px 6px 0; font-weight: 400;
  border-bottom: 1px solid var(--border-soft); min-width: 36px; }
thead th { color: var(--text-second); font-weight: 700; border-bottom: 1px solid var(--text); }
.band th { font-weight: 700; background: var(--card); padding-left: 8px; }
.right { text-align: right; font-variant-numeric: tabular-nums; }
.mark { font-weight: 700; }
.mark.key { color: var(--lane-impact); }
.mark.wish { color: var(--hint); }
.lane-change { color: var(--lane-change); }
.lane-signal { color: var(--lane-signal); }
.lane-action { color: var(--lane-action); }
.lane-communication { color: var(--lane-communication); }
.lane-impact { color: var(--lane-impact); }
dl { display: grid; grid-template-columns: minmax(120px, 26%) 1fr; gap: 4px 16px;
  font-size: 14px; margin: 10px 0; }
dd { margin: 0; }
figure { margin: 16px 0; }
figcaption { font-size: 14px; margin-top: 4px; }
svg { display: block; width: 100%; height: auto; }
.tree { list-style: none; margin: 0; padding-left: 20px;
  border-left: 2px solid var(--border-soft); }
main > section > .tree { padding-left: 0; border-left: 0; }
.answer { border: 1px solid var(--border-soft); border-radius: 6px;
  padding: 6px 12px; margin: 8px 0; }
.answer p { margin: 0; }
.answer.effect { border-color: var(--lane-impact); background: var(--lane-impact-ground); }
.answer.root { border-color: var(--root); background: var(--root-ground); }
footer { margin-top: 40px; padding-top: 10px; border-top: 1px solid var(--border-soft); }
@media (max-width: 700px) {
  main { margin: 0; padding: 20px; }
  h1 { font-size: 26px; }
  .tiles strong { font-size: 23px; }
  .wide svg { min-width: 620px; }
  .wide table { min-width: 500px; font-size: 13px; }
  .tree { padding-left: 10px; }
}
@page { margin: 16mm 15mm; }
@media print {
  body { background: none; font-size: 10pt; }
  main { margin: 0; padding: 0; max-width: none; }
  h1 { font-size: 20pt; }
  h2 { font-size: 14pt; margin-top: 20px; }
  h3 { font-size: 11.5pt; margin-top: 16px; }
  .lead { font-size: 10.5pt; }
  .tiles { margin: 12px 0; padding: 10px 0; }
  .tiles strong { font-size: 17pt; }
  .wide { overflow-x: visible; }
  table, dl { font-size: 9pt; }
  .small, figcaption { font-size: 8.5pt; }
  .callout, .answer, .band th, .draft { print-color-adjust: exact; }
  h2, h3, .lead-in { break-after: avoid; }
  p { orphans: 3; widows: 3; }
  tr, dt, dd, li, .answer, .callout, figure { break-inside: avoid; }
  .tree, .tree > li { break-inside: auto; }
}
"""


def sheet(light: Mapping[str, str], dark: Mapping[str, str]) -> str:
    """The style sheet, with the colours (#RRGGBB by token) of a theme by day and one by night."""
    by_night = f"@media screen and (prefers-color-scheme: dark) {{\n{_variables(dark)}}}\n"
    return f"{_variables(light)}{by_night}{_SHEET.lstrip()}"


def variables(tokens: Iterable[str]) -> dict[str, str]:
    """For each token what stands for its colour in the page."""
    return {token: f"var(--{token.replace('.', '-')})" for token in tokens}


def _variables(colors: Mapping[str, str]) -> str:
    said = " ".join(f"--{token.replace('.', '-')}: {color};" for token, color in colors.items())
    return f":root {{ color-scheme: light dark; {said} }}\n"
