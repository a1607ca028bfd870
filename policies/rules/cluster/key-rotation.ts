import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { judge } from "../violation.ts";

export const keyRotation: ResourcePolicy = {
  id: "key-rotation",
  area: "cluster",
  scope: "resource",
  title: "KMS keys are rotated every year, and a deleted one can be had back for a month.",
  why: "Rotation bounds what one key's loss exposes; a key that is gone takes with it everything it encrypted.",
  fix: "set enableKeyRotation to true and deletionWindowInDays to 30",
  severity: "medium",
  levels: ALWAYS,
  types: [TYPES.key],
  check: ({ properties }) => [
    ...judge(() => {
      // AWS rotates symmetric keys only.
      const spec = properties.at("customerMasterKeySpec").text() ?? "SYMMETRIC_DEFAULT";
      if (spec !== "SYMMETRIC_DEFAULT" || properties.at("enableKeyRotation").is(true)) return undefined;
      return "the key is not rotated";
    }),
    ...judge(() =>
      (properties.at("deletionWindowInDays").number() ?? 30) >= 30
        ? undefined
        : "a deleted key is gone in less than 30 days",
    ),
  ],
};
