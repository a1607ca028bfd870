/** What OpenSLO has no field for and a definition needs, as annotations of our own. */
export const ANNOTATIONS = {
  namespace: "bellwether/namespace",
  tier: "bellwether/tier",
  minimumErrors: "bellwether/minimum-errors",
  unit: "bellwether/unit",
} as const;
