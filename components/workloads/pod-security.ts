/** The user of the Prometheus project's images. */
const NOBODY = 65_534;

/** A pod that the level `restricted` admits, as user and group 65534. */
export const RESTRICTED_POD = {
  runAsNonRoot: true,
  runAsUser: NOBODY,
  runAsGroup: NOBODY,
  seccompProfile: { type: "RuntimeDefault" },
} as const;

/** A container that the level `restricted` admits, with a read-only root file system. */
export const RESTRICTED_CONTAINER = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] as string[] },
};
