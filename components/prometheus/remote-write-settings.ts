import { z } from "zod";
import { choice, integer } from "../core/schema.ts";

/** Remote write to long-term storage. */
export const remoteWriteSettings = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("none") }),
  z.strictObject({
    kind: z.literal("amp"),
    series: choice(["recorded", "all"]).default("recorded").meta({
      description:
        "recorded: the results of recording rules, ALERTS and up. all: every sample, at about a hundred times the price.",
    }),
    retentionDays: integer(1, 1095).default(395).meta({
      description:
        "Retention of the workspace in days. With 13 months you can compare a month with the same month of the last year.",
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
