import type { Claim, VolumeState } from "../../../cli/volumes/state.ts";

export const GI = 2 ** 30;
export const FROM = 15 * GI;
export const TO = 25 * GI;
export const RETENTION = { before: "12288MiB", after: "20480MiB" } as const;

/** A claim that has what it asks for. */
export function claim(prefix: string, ordinal: number, size = FROM, change: Partial<Claim> = {}): Claim {
  const name = `${prefix}-${ordinal}`;
  return {
    name,
    ordinal,
    requested: size,
    capacity: size,
    storageClass: "gp3-encrypted",
    infeasible: false,
    ...change,
  };
}

/** A program that runs well, with volumes of 15Gi. */
export function running(
  replicas: number,
  resource?: { readonly retentionSize?: string },
  size = FROM,
): VolumeState {
  const ordinals = Array.from({ length: replicas }, (_, index) => index);
  return {
    replicas,
    claims: ordinals.map((ordinal) => claim("db-server", ordinal, size)),
    members: ordinals.map((ordinal) => ({ name: `server-${ordinal}`, ready: true, started: 0 })),
    statefulSet: { uid: "old", generation: 1, size, settled: true, deleting: false },
    ...(resource && { resource: { size, paused: "no", ...resource } }),
  };
}
