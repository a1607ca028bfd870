import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { judge } from "../violation.ts";

export const keyRotation: ResourcePolicy = {
  id: "key-rotation",
  area: "cluster",
  pack: "security",
  standards: ["FSBP KMS.3", "FSBP KMS.4", "NIST SC-12"],
  scope: "resource",
  title: "KMS keys are rotated every year, and a deleted key can be restored for 30 days.",
  why: "Rotation limits how much data one key protects. Data that a deleted key encrypted cannot be read again.",
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
    ...judge(() => {
      const days = properties.at("deletionWindowInDays").number();
      return days === undefined || days >= 30
        ? undefined
        : "a deleted key can be restored for less than 30 days";
    }),
  ],
};
