"""How the HTML report looks, on a screen and on paper, in the colours of the printed one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_SHEET: Final = """
:root { color-scheme: light; }
body { margin: 0; background: @backdrop; color: @text;
  font: 16px/1.5 "Noto Sans", system-ui, sans-serif; }
main { max-width: 900px; margin: 24px auto; padding: 40px 48px; background: @ground; }
h1, h2, h3, p, li, dt, dd, th, td, figcaption { overflow-wrap: anywhere; unicode-bidi: plaintext; }
h1 { font-size: 32px; line-height: 1.2; margin: 4px 0 8px; }
h2 { font-size: 22px; line-height: 1.3; margin: 36px 0 10px; }
h3 { font-size: 17px; margin: 24px 0 6px; }
p { margin: 0 0 10px; }
.lead { font-size: 17px; }
.second, figcaption, dt { color: @text.second; }
.small { font-size: 13px; color: @text.second; }
.strong, .warning { font-weight: 700; }
.warning { color: @danger; }
.quote { font-style: italic; }
.mono { font-family: ui-monospace, monospace; font-size: 13px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(170px, 1fr)); gap: 20px;
  list-style: none; padding: 16px 0; margin: 20px 0; border-top: 2px solid @text;
  border-bottom: 1px solid @border.soft; }
.tiles strong { display: block; font-size: 28px; line-height: 1.2; }
.tiles span { display: block; }
.callout { border-left: 5px solid @accent; background: @card; padding: 12px 18px 4px;
  margin: 12px 0; }
.callout.fix { border-color: @root; background: @root.ground; }
.callout.warning { border-color: @hint; background: @hint.ground; color: @text;
  font-weight: 400; }
.wide { overflow-x: auto; margin: 12px 0; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th, td { text-align: start; vertical-align: top; padding: 6px 10px 6px 0; font-weight: 400;
  border-bottom: 1px solid @border.soft; min-width: 36px; }
thead th { color: @text.second; font-weight: 700; border-bottom: 1px solid @text; }
.band th { font-weight: 700; background: @card; padding-left: 8px; }
.right { text-align: right; font-variant-numeric: tabular-nums; }
.mark { font-weight: 700; }
.mark.key { color: @lane.impact; }
.mark.wish { color: @hint; }
.lane-change { color: @lane.change; }
.lane-signal { color: @lane.signal; }
.lane-action { color: @lane.action; }
.lane-communication { color: @lane.communication; }
.lane-impact { color: @lane.impact; }
dl { display: grid; grid-template-columns: minmax(120px, 26%) 1fr; gap: 4px 16px;
  font-size: 14px; margin: 10px 0; }
dd { margin: 0; }
figure { margin: 16px 0; }
svg { display: block; width: 100%; height: auto; }
.tree { list-style: none; margin: 0; padding-left: 20px; border-left: 2px solid @border.soft; }
main > section > .tree { padding-left: 0; border-left: 0; }
.answer { border: 1px solid @border.soft; border-radius: 6px; padding: 6px 12px; margin: 8px 0; }
.answer p { margin: 0; }
.answer.root { border-color: @root; background: @root.ground; }
footer { margin-top: 40px; padding-top: 10px; border-top: 1px solid @border.soft; }
@media (max-width: 700px) {
  main { margin: 0; padding: 20px; }
}
@media print {
  body { background: @ground; font-size: 10.5pt; }
  main { margin: 0; padding: 0; max-width: none; }
  h2, h3 { break-after: avoid; }
  tr, .answer, .callout, figure { break-inside: avoid; }
}
"""


def sheet(colors: Mapping[str, str]) -> str:
    """The style sheet, with the colours of a theme (#RRGGBB by token) in their places."""
    text = _SHEET.lstrip()
    # The longest first: “text” begins “text.second”.
    for token in sorted(colors, key=len, reverse=True):
        text = text.replace(f"@{token}", colors[token])
    return text
