import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { code, escaped } from "../../../cli/report/markdown-text.ts";
import { html } from "../../../cli/report/markup.ts";

describe("text in Markdown", () => {
  it.each([
    ["a | b", "a \\| b"],
    ["<script>", "&lt;script&gt;"],
    ["`x` *y* _z_", "\\`x\\` \\*y\\* \\_z\\_"],
    ["[a](b)", "\\[a\\]\\(b\\)"],
    ["two\nlines", "two lines"],
    ["- item", "\\- item"],
    ["1. item", "1\\. item"],
  ])("%j means nothing but itself", (text, markdown) => {
    expect(escaped(text)).toBe(markdown);
  });

  it("notifies no person and links no issue", () => {
    expect(escaped("ask @alice about #12 (#alerts)")).not.toMatch(/@alice|#12|#alerts/);
    expect(escaped("oncall@example.com")).toBe("oncall@example.com");
  });

  it("is one cell of a table, whatever it holds", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const cell of [escaped(text), code(text)]) {
          expect(cell).not.toContain("\n");
          expect(cell.replace(/\\[\\|]/g, "")).not.toContain("|");
        }
      }),
    );
  });

  it("as code keeps its backticks inside the fence", () => {
    expect(code("a `b` c")).toBe("`` a `b` c ``");
    expect(code("plain")).toBe("`plain`");
  });
});

describe("text in HTML", () => {
  it("opens no tag and ends no attribute", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(html`${text}`.text).not.toMatch(/[<>"']/);
      }),
    );
    expect(html`<a title="${'" onclick="x'}">${"<b>"}</a>`.text).toBe(
      '<a title="&quot; onclick=&quot;x">&lt;b&gt;</a>',
    );
  });

  it("that is HTML already is not escaped twice", () => {
    expect(html`<ul>${["a", "<b>"].map((item) => html`<li>${item}</li>`)}</ul>`.text).toBe(
      "<ul><li>a</li><li>&lt;b&gt;</li></ul>",
    );
  });
});
