/** One thing that AWS would refuse, or that would not work once AWS took it. */
export interface Fault {
  /** The resource, as `type name`. */
  readonly resource: string;
  /** Where: an operation and a path in its input, the statement of a document, or the rule between resources. */
  readonly at: string;
  readonly found: string;
  readonly allowed: string;
}

/** A fault before its resource is known. */
export type Finding = Omit<Fault, "resource">;

/** A fault as a line that a failed test prints. */
export function inWords({ resource, at, found, allowed }: Fault): string {
  return `${resource}: ${at} is ${found}; allowed: ${allowed}`;
}
