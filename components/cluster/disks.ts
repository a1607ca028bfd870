import type { NodeGroupSettings } from "./model.ts";
import { diskSizeInGib } from "./node-rules.ts";

/** One volume of a node, as a launch template takes it. The provider wants its booleans as text. */
export interface BlockDevice {
  readonly deviceName: string;
  readonly ebs: {
    readonly volumeType: "gp3";
    readonly encrypted: "true";
    readonly deleteOnTermination: "true";
    /** GiB. Left out, it is that of the image. */
    readonly volumeSize?: number;
  };
}

const ENCRYPTED = { volumeType: "gp3", encrypted: "true", deleteOnTermination: "true" } as const;

/**
 * The encrypted volumes of a node. Bottlerocket keeps its read-only system on one, whose size is the image's, and images, logs
 * and pods' scratch space on a second; Amazon Linux has one for everything.
 */
export function blockDevices(os: NodeGroupSettings["os"], diskSize: string): BlockDevice[] {
  const volumeSize = diskSizeInGib(diskSize);
  if (os === "al2023") return [{ deviceName: "/dev/xvda", ebs: { ...ENCRYPTED, volumeSize } }];
  return [
    { deviceName: "/dev/xvda", ebs: ENCRYPTED },
    { deviceName: "/dev/xvdb", ebs: { ...ENCRYPTED, volumeSize } },
  ];
}
