/** A pod that passes the restricted level as nobody in particular (65534, what the Prometheus project's images use). */
export const RESTRICTED_POD = {
  runAsNonRoot: true,
  runAsUser: 65_534,
  runAsGroup: 65_534,
  seccompProfile: { type: "RuntimeDefault" },
} as const;

/** A container that passes the restricted level and cannot write to its own image. */
export const RESTRICTED_CONTAINER = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] as string[] },
};
