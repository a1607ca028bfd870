import type { Content, Html } from "./markup.ts";

/** A part of the report that stands under a heading and can be linked to. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly intro: Content;
  readonly content: Html;
}
