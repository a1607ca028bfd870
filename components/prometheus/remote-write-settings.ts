import { z } from "zod";
import { choice, integer } from "../core/schema.ts";

/** Whether samples are sent on to where they are kept for longer. */
export const remoteWriteSettings = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("none") }),
  z.strictObject({
    kind: z.literal("amp"),
    series: choice(["recorded", "all"]).default("recorded").meta({
      description:
        "recorded: what rules record, and which alerts fired. all: every sample, at some hundred times the price.",
    }),
    retentionDays: integer(1, 1095).default(395).meta({
      description: "Days that the workspace keeps samples; 13 months compare a month with last year's.",
    }),
  }),
]);

export type RemoteWriteSettings = z.output<typeof remoteWriteSettings>;

/** Where samples are sent, of a text or of one that only exists later. */
export interface RemoteWriteTarget<Text> {
  readonly url: Text;
  /** The region that requests are signed for. */
  readonly region: string;
}
