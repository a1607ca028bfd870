/** The report's style sheet. Colours of both themes reach a contrast of 4.5 to 1 for text. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #fbfaf7; --card: #ffffff; --ink: #22262b; --quiet: #5a626c; --line: #e4e0d8; --wash: #f2efe8;
  --accent: #0b5c63; --good: #1d6b3f; --good-wash: #e4f2e8; --bad: #a3241f; --bad-wash: #fbe7e4;
  --warn: #7a4a00; --warn-wash: #fcefd6; --calm: #3f5877; --calm-wash: #e7edf5; --mark: #fdf3d0; --control: #8b8577;
  --chart0: #1f6f8b; --chart1: #b3541e; --chart2: #4b7f2c; --chart3: #7a4fa3; --chart4: #a13d63; --chart5: #5c5f66;
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, "URW Palladio L", "P052", Georgia, serif;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", sans-serif;
  --mono: ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14171a; --card: #1b1f23; --ink: #e4e2dd; --quiet: #a4abb3; --line: #31373d; --wash: #22272c;
    --accent: #7fc8c9; --good: #8bd3a5; --good-wash: #17301f; --bad: #ff9f94; --bad-wash: #3a1b19;
    --warn: #f0c274; --warn-wash: #352813; --calm: #a9c4e6; --calm-wash: #1d2937; --mark: #3a3216; --control: #7d858d;
    --chart0: #6fc3df; --chart1: #f0a06a; --chart2: #9bd17b; --chart3: #c3a1ea; --chart4: #f08fb3; --chart5: #b5b8bf;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.6 var(--sans); overflow-wrap: break-word; }
.page { max-width: 78rem; margin: 0 auto; padding: 2.4rem 2rem 4rem; }
a { color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: 3px; }
a:focus-visible, summary:focus-visible, [tabindex]:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; border-radius: 3px; }
h1, h2, h3 { font-family: var(--serif); font-weight: 600; line-height: 1.2; text-wrap: balance; }
h1 { font-size: clamp(2.6rem, 7vw, 3.8rem); letter-spacing: -0.02em; margin: 0.1em 0 0.15em; }
h2 { font-size: 1.7rem; letter-spacing: -0.01em; margin: 0; }
h3 { font-size: 1.15rem; margin: 0; }
p { margin: 0.4em 0; max-width: 52rem; }
code, pre { font-family: var(--mono); font-size: 0.86em; }
code, dd, li { overflow-wrap: anywhere; }
.eyebrow { color: var(--quiet); font-size: 0.8rem; letter-spacing: 0.09em; text-transform: uppercase; }
.lede { font-size: 1.2rem; line-height: 1.5; }
.quiet { color: var(--quiet); }
.pill { display: inline-block; border-radius: 99px; padding: 0.25em 0.95em; font-size: 0.95rem; font-weight: 600; }
.good { background: var(--good-wash); color: var(--good); }
.bad { background: var(--bad-wash); color: var(--bad); }
.warn { background: var(--warn-wash); color: var(--warn); }
.calm { background: var(--calm-wash); color: var(--calm); }
.tag { font-family: var(--sans); display: inline-block; border-radius: 4px; padding: 0 0.5em; font-size: 0.78rem; font-weight: 600; white-space: nowrap; }
.checks { list-style: none; padding: 0; margin: 1.2rem 0 0; display: grid; gap: 0.35rem; }
.checks li { padding-left: 1.7em; position: relative; }
.checks li::before { position: absolute; left: 0.1em; font-weight: 700; }
.checks .is-good::before { content: "✓"; color: var(--good); }
.checks .is-bad::before { content: "✕"; color: var(--bad); }
.checks .is-open::before { content: "○"; color: var(--warn); }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: 0.3rem 1.4rem; margin: 2rem 0 0; padding: 0.8rem 0 0; border-top: 1px solid var(--line); font-size: 0.95rem; }
nav a { text-decoration: none; }
nav a:hover { text-decoration: underline; }
section { margin-top: 2.4rem; scroll-margin-top: 0.5rem; }
.intro { color: var(--quiet); margin: 0.3rem 0 0.9rem; max-width: 62rem; }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 18rem), 1fr)); gap: 0; margin: 1.3rem 0 0; border-top: 1px solid var(--line); }
.facts > div { padding: 0.55rem 1.5rem 0.55rem 0; border-bottom: 1px solid var(--line); }
dt { color: var(--quiet); font-size: 0.82rem; }
dd { margin: 0; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
details > summary { cursor: pointer; list-style: none; }
details > summary::-webkit-details-marker { display: none; }
.group { border-bottom: 1px solid var(--line); }
.group > summary { display: grid; grid-template-columns: minmax(0, 19rem) minmax(0, 1fr) auto; gap: 0.1rem 1rem; padding: 0.36rem 0.3rem; align-items: baseline; font-size: 0.9rem; line-height: 1.4; }
.group > summary h3 { font-family: inherit; font-size: 1em; padding-left: 1.1em; position: relative; }
.group > summary h3::before { content: "›"; position: absolute; left: 0.1em; font-weight: 400; color: var(--quiet); }
.group[open] > summary h3::before { content: "⌄"; }
.group > summary:hover h3 { color: var(--accent); }
.group .number { font-variant-numeric: tabular-nums; white-space: nowrap; }
.group .purpose { color: var(--quiet); }
.kinds { margin: 0; padding: 0.3rem 1.2rem 1.1rem 2.3rem; display: grid; grid-template-columns: minmax(9rem, 14rem) minmax(0, 1fr); gap: 0.35rem 1.5rem; font-size: 0.92rem; }
.kinds dt { font-size: inherit; }
.kinds ul { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: 0.1rem 1rem; }
table { width: 100%; border-collapse: collapse; font-size: 0.95rem; }
th { text-align: left; color: var(--quiet); font-weight: 500; font-size: 0.82rem; }
th, td { padding: 0.6rem 1.2rem 0.6rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td:last-child, th:last-child { padding-right: 0; }
.severity { margin-top: 1.4rem; }
.severity > header { display: flex; flex-wrap: wrap; gap: 0.2rem 0.8rem; align-items: baseline; margin-bottom: 0.4rem; }
.severity header p { margin: 0; color: var(--quiet); font-size: 0.93rem; }
.alert-name { font-weight: 600; overflow-wrap: anywhere; }
.filter { display: flex; flex-wrap: wrap; gap: 0.6rem 1rem; align-items: center; margin: 0 0 1rem; padding: 0.7rem 0; position: sticky; top: 0; background: var(--paper); z-index: 1; font-size: 0.9rem; color: var(--quiet); }
.filter[hidden] { display: none; }
.filter input, .filter select, .filter button { font: inherit; color: var(--ink); background: var(--card); border: 1px solid var(--control); border-radius: 6px; padding: 0.3rem 0.6rem; min-width: 0; max-width: 100%; }
.filter .text { flex: 1 1 17rem; display: flex; gap: 0.5em; align-items: center; }
.filter input { flex: 1; }
.filter select { max-width: 9.5rem; }
.filter input::placeholder { color: var(--quiet); opacity: 1; }
.filter label { max-width: 100%; }
.filter output { min-width: 8em; }
.alerts { list-style: none; margin: 0; padding: 0; }
.alerts li { border-bottom: 1px solid var(--line); }
.alert { scroll-margin-top: 4.5rem; font-size: 0.87rem; line-height: 1.4; }
.alert > summary { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1.2fr) 3.9rem 11.5rem; gap: 0.1rem 0.9rem; padding: 0.2rem 0.3rem; }
.alert > summary:hover .alert-name { color: var(--accent); }
.alert .what { padding-left: 1.1em; position: relative; }
.alert .what::before { content: "›"; position: absolute; left: 0.1em; color: var(--quiet); }
.alert[open] .what::before { content: "⌄"; }
.alert .held { white-space: nowrap; font-variant-numeric: tabular-nums; color: var(--quiet); }
.alert:target > summary { background: var(--mark); }
.alert .inside { padding: 0.2rem 0.3rem 0.9rem 1.4rem; }
.alert .inside dl { display: flex; flex-wrap: wrap; gap: 0.4rem 2rem; margin: 0.7rem 0 0; }
.alert .links { margin-top: 0.6rem; display: flex; flex-wrap: wrap; gap: 0.2rem 1.2rem; }
.message { margin: 0.9rem 0 0; max-width: 52rem; }
.message figcaption { color: var(--quiet); font-size: 0.82rem; margin-bottom: 0.25rem; }
.message > div { border: 1px solid var(--line); border-radius: 8px; background: var(--card); padding: 0.6rem 0.9rem; overflow-wrap: anywhere; }
.message .body { margin: 0.2rem 0 0; white-space: pre-wrap; max-width: none; }
.message .title { font-weight: 600; }
.message .from { margin: 0 0 0.3rem; font-size: 0.82rem; color: var(--quiet); }
.message .from strong { color: var(--ink); }
.slack .attachment { border-left: 4px solid var(--warn); padding-left: 0.7rem; }
.slack .attachment.danger { border-color: var(--bad); }
.slack .attachment.good { border-color: var(--good); }
.slack code { background: var(--wash); border: 1px solid var(--line); border-radius: 3px; padding: 0 0.2em; }
.pagerduty a { margin-right: 0.8rem; }
.to-top { position: fixed; right: 1rem; bottom: 1rem; padding: 0.3rem 0.8rem; border: 1px solid var(--control); border-radius: 99px; background: var(--card); font-size: 0.85rem; text-decoration: none; }
.routes td:nth-child(1) { width: 42%; }
.routes .wait { white-space: nowrap; font-variant-numeric: tabular-nums; }
.routes .hold { display: none; }
.routes th, .routes td { padding-block: 0.42rem; }
.routes td details { display: inline-block; vertical-align: top; margin-left: 0.6rem; font-size: 0.88rem; }
.routes details[open] { display: block; margin-left: 0; }
.routes summary { color: var(--quiet); display: inline-block; }
.routes summary::after { content: " +"; }
.routes details[open] > summary::after { content: " –"; }
.routes .names { color: var(--quiet); }
.blank { font-style: italic; color: var(--quiet); }
pre { margin: 0.5rem 0 0; padding: 0.8rem 1rem; background: var(--wash); border-radius: 8px; white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.5; }
.findings { list-style: none; margin: 0; padding: 0; display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.6rem; }
.finding { padding: 0.9rem 1.2rem; }
.finding.is-violation { border-left: 4px solid var(--bad); }
.finding header { display: flex; flex-wrap: wrap; gap: 0.25rem 0.7rem; align-items: baseline; }
.finding header strong { font-weight: 600; }
.finding p { margin: 0.4rem 0 0; }
.finding > ul { margin: 0.3rem 0 0; padding-left: 1.1rem; }
.finding > ul > li { padding: 0.1rem 0; }
.finding { font-size: 0.92rem; line-height: 1.5; }
.finding code { color: var(--quiet); }
.tidy { list-style: none; margin: 0; padding: 0; }
.tidy li { padding: 0.55rem 0; border-bottom: 1px solid var(--line); display: flex; flex-wrap: wrap; gap: 0 1rem; justify-content: space-between; }
.more { margin-top: 0.8rem; }
.more > summary { color: var(--accent); padding: 0.3rem 0; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 10px; background: var(--card); }
.compare { font-size: 0.88rem; }
.compare th, .compare td { padding: 0.5rem 0.9rem; min-width: 8.5rem; max-width: 18rem; overflow-wrap: anywhere; }
.compare thead th { position: sticky; top: 0; background: var(--card); }
.compare tbody tr:last-child > * { border-bottom: 0; }
.compare .section th { background: var(--wash); color: var(--ink); font-family: var(--serif); font-size: 0.95rem; font-weight: 600; padding-block: 0.35rem; }
.compare tbody th { font-family: var(--mono); font-size: 0.8rem; font-weight: 400; color: var(--ink); }
.compare .here { color: var(--ink); background: color-mix(in srgb, var(--accent) 8%, transparent); }
.compare thead .here { font-weight: 600; }
.compare .same { color: var(--quiet); }
.compare .other { background: var(--mark); }
.promises { font-size: 0.85rem; line-height: 1.4; }
.promises th, .promises td { padding: 0.3rem 0.8rem; white-space: nowrap; }
.promises tbody th, .promises td:last-child, .promises thead th { white-space: normal; min-width: 6.5rem; }
.promises tbody th { font-weight: 600; font-size: inherit; color: var(--ink); }
.promises tbody tr:last-child > * { border-bottom: 0; }
.key { display: inline-block; padding: 0 0.4em; border-radius: 3px; background: var(--mark); color: var(--ink); }
footer { margin-top: 4.5rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--quiet); font-size: 0.88rem; }
@media (max-width: 40rem) {
  .page { padding: 2rem 1.1rem 3.5rem; }
  .lede { font-size: 1.08rem; }
  section { margin-top: 2.4rem; }
  .facts > div { display: grid; grid-template-columns: 7.2rem minmax(0, 1fr); padding: 0.5rem 0; align-items: baseline; }
  .kinds { grid-template-columns: minmax(0, 1fr); padding-left: 1.2rem; gap: 0; }
  .kinds dd { margin-bottom: 0.6rem; }
  .routes thead { position: absolute; clip-path: inset(50%); height: 1px; width: 1px; overflow: hidden; }
  .routes, .routes tbody, .routes tr, .routes td { display: block; width: auto; }
  .routes td:nth-child(1) { width: auto; }
  .routes tr { padding: 0.8rem 0; border-bottom: 1px solid var(--line); }
  .routes td { border: 0; padding: 0; }
  .routes td.wait { display: inline-block; margin-right: 0.9rem; color: var(--quiet); font-size: 0.88rem; }
  .routes td.is-none { display: none; }
  .routes .hold { display: inline; }
  .compare th, .compare td { padding: 0.45rem 0.6rem; }
  .filter { position: static; }
  .group > summary { grid-template-columns: minmax(0, 1fr) auto; padding: 0.55rem 0; }
  .group .purpose { grid-column: 1 / -1; grid-row: 2; padding-left: 1.1em; }
  .alert > summary { grid-template-columns: auto minmax(0, 1fr); padding: 0.55rem 0; }
  .alert .what, .alert .says { grid-column: 1 / -1; }
  .alert .says { padding-left: 1.1em; }
  .alert .held { padding-left: 1.1em; }
  .alert .to { color: var(--quiet); }
  .alert .inside { padding-left: 1.1em; }
}
@media print {
  body { background: none; font-size: 11pt; }
  nav, .filter, .to-top { display: none; }
  .scroll { overflow: visible; }
}
@media (prefers-reduced-motion: reduce) { * { transition: none !important; } }
.board .panels { display: grid; grid-template-columns: repeat(24, minmax(0, 1fr)); grid-auto-rows: 1.62rem; gap: 0.35rem; padding: 0.3rem 1.2rem 0.6rem; }
.board .panels h4 { margin: 0; align-self: end; font-size: 0.85rem; color: var(--quiet); font-weight: 600; }
.board figure { margin: 0; border: 1px solid var(--line); border-radius: 6px; padding: 0.4rem 0.55rem; display: flex; flex-direction: column; min-width: 0; min-height: 0; overflow: hidden; }
.board figcaption { font-size: 0.8rem; font-weight: 600; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.board figure img { flex: 1; min-height: 0; width: 100%; }
.board .legend { margin: 0; font-size: 0.7rem; line-height: 1.35; color: var(--quiet); display: flex; flex-wrap: wrap; gap: 0 0.8em; max-height: 2.7em; overflow: hidden; }
.board .legend span { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; max-width: 100%; }
.board .legend span[class]::before { content: "―"; font-weight: 700; margin-right: 0.35em; color: var(--s); }
.board .legend .s0 { --s: var(--chart0); } .board .legend .s1 { --s: var(--chart1); } .board .legend .s2 { --s: var(--chart2); }
.board .legend .s3 { --s: var(--chart3); } .board .legend .s4 { --s: var(--chart4); } .board .legend .s5 { --s: var(--chart5); }
.board .none { margin: auto; color: var(--quiet); font-style: italic; font-size: 0.85rem; }
.board .figures { display: flex; flex: 1; margin: 0.3rem 0 0; gap: 0.4rem; }
.board .figure { flex: 1; border-radius: 5px; display: flex; flex-direction: column; align-items: center; justify-content: center; font-size: 1.6rem; line-height: 1.1; font-weight: 600; font-variant-numeric: tabular-nums; }
.board .figure small { font-size: 0.7rem; font-weight: 400; }
.board .states { margin: 0.4rem 0 0; display: grid; gap: 0.3rem; font-size: 0.72rem; overflow: hidden; }
.board .states dt { font-size: inherit; line-height: 1.35; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.board .states dd { display: flex; height: 0.9rem; gap: 1px; }
.board .states .is-good { background: var(--good); opacity: 0.55; } .board .states .is-bad { background: var(--bad); }
.board table { font-size: 0.78rem; } .board .rows { overflow: hidden; }
.board th, .board td { padding: 0.25rem 0.8rem 0.25rem 0; overflow-wrap: normal; } .board th { white-space: normal; vertical-align: bottom; }
.board td.good, .board td.bad { background: none; font-weight: 600; }
.board .under { padding: 0 1.2rem 0.8rem; font-size: 0.85rem; }
@media (max-width: 50rem) { .board .panels { display: block; } .board figure { height: 15rem; margin-bottom: 0.5rem; } .board h4 { margin: 0.8rem 0 0.3rem !important; } }
`;
