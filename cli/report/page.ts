import { type Content, type Html, html, verbatim } from "./markup.ts";
import { STYLE } from "./style.ts";

/** What a page of a command says. */
interface Page {
  readonly title: string;
  /** What kind of page it is, above the heading. */
  readonly eyebrow: string;
  readonly heading: string;
  readonly lede: string;
  /** Items of the list below. */
  readonly checks: Content;
  /** The sections to go to. */
  readonly sections: readonly { readonly id: string; readonly title: string }[];
  /** More of a style sheet, which is ours from end to end. */
  readonly style?: string;
  readonly main: Html;
}

/**
 * A document of one file that asks nothing of the network. `script` is the source that may run; default: none. With `asksItsServer`, that script
 * may ask the server that the document came from.
 */
export function documentHtml({
  title,
  style,
  script,
  asksItsServer = false,
  body,
}: {
  readonly title: string;
  readonly style: string;
  readonly script?: string;
  readonly asksItsServer?: boolean;
  readonly body: Html;
}): string {
  const scripts = `${script === undefined ? "" : ` script-src ${script};`}${asksItsServer ? " connect-src 'self';" : ""}`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none';${scripts} style-src 'unsafe-inline'; img-src data:">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${verbatim(style)}</style>
</head>
<body>
${body}</body>
</html>
`.text;
}

/** A page for a browser, of a command that needs no script. */
export function pageHtml({
  title,
  eyebrow,
  heading,
  lede,
  checks,
  sections,
  style = "",
  main,
}: Page): string {
  return documentHtml({
    title,
    style: `${STYLE}
h1 { font-size: 1.4rem; overflow-wrap: anywhere; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; }
${style}`,
    body: html`<div class="page">
<header id="top">
<div class="eyebrow">${eyebrow}</div>
<h1>${heading}</h1>
<p class="lede">${lede}</p>
<ul class="checks">
${checks}</ul>
<nav aria-label="Sections"><ul>
${sections.map((section) => html`<li><a href="#${section.id}">${section.title}</a></li>\n`)}</ul></nav>
</header>
<main>
${main}</main>
</div>
`,
  });
}
