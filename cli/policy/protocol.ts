import { createRequire } from "node:module";
import type { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";

/**
 * The messages of the engine's protocol, from the copies that Pulumi itself loads: a message of another copy is refused.
 * They are loaded when they are needed, as a preview that ends at a mistake needs none of them.
 */
export const requireFromPulumi = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi"));

export type Messages = typeof import("@pulumi/pulumi/proto/analyzer_pb.js");
export type Struct = NonNullable<ReturnType<InstanceType<Messages["AnalyzeRequest"]>["getProperties"]>>;
type Empty = Parameters<AnalyzerClient["getAnalyzerInfo"]>[0];

export function analyzerMessages(): Messages {
  return requireFromPulumi("@pulumi/pulumi/proto/analyzer_pb") as Messages;
}

/** A map as the protocol carries it. */
export function struct(value: object): Struct {
  const module = requireFromPulumi("google-protobuf/google/protobuf/struct_pb") as {
    readonly Struct: { fromJavaScript(value: object): Struct };
  };
  return module.Struct.fromJavaScript(value);
}

export function empty(): Empty {
  const module = requireFromPulumi("google-protobuf/google/protobuf/empty_pb") as {
    readonly Empty: new () => Empty;
  };
  return new module.Empty();
}
