/** A mistake that somebody could make in what a resource is asked for. */
export interface Mistake {
  readonly type: string;
  /** The logical name. */
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: the inputs of a resource, changed in place
  readonly make: (inputs: any, resource: { dependsOn: readonly string[] }) => void;
  /** What the check says of it. */
  readonly says: RegExp;
}
