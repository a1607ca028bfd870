// Errors of the server: UNKNOWN (2), DEADLINE_EXCEEDED (4), UNIMPLEMENTED (12), INTERNAL (13), UNAVAILABLE (14) and
// DATA_LOSS (15). They are the codes that OpenTelemetry calls errors of a server, and those that google.rpc.Code maps to an HTTP
// status of 500 or above, so that HTTP and gRPC have the same rule. RESOURCE_EXHAUSTED maps to 429, an error of the client.

/** A code in the spelling of Go, in that of the protocol, and as the number that is its place. */
const CODES = [
  ["OK", "OK"],
  ["Canceled", "CANCELLED"],
  ["Unknown", "UNKNOWN"],
  ["InvalidArgument", "INVALID_ARGUMENT"],
  ["DeadlineExceeded", "DEADLINE_EXCEEDED"],
  ["NotFound", "NOT_FOUND"],
  ["AlreadyExists", "ALREADY_EXISTS"],
  ["PermissionDenied", "PERMISSION_DENIED"],
  ["ResourceExhausted", "RESOURCE_EXHAUSTED"],
  ["FailedPrecondition", "FAILED_PRECONDITION"],
  ["Aborted", "ABORTED"],
  ["OutOfRange", "OUT_OF_RANGE"],
  ["Unimplemented", "UNIMPLEMENTED"],
  ["Internal", "INTERNAL"],
  ["Unavailable", "UNAVAILABLE"],
  ["DataLoss", "DATA_LOSS"],
  ["Unauthenticated", "UNAUTHENTICATED"],
] as const;

export const SERVER_ERRORS = [2, 4, 12, 13, 14, 15];

/** The codes with these numbers in some spellings. */
export function spelled(
  spellings: readonly (0 | 1)[],
  numbers: readonly number[] = [...CODES.keys()],
): RegExp {
  const names = numbers.flatMap((number) => spellings.map((spelling) => CODES[number]?.[spelling]));
  return new RegExp([...new Set(names)].join("|"));
}

export const GRPC = {
  id: "grpc",
  unit: "calls",
  serverErrorsInWords:
    "Calls that end with Unknown, DeadlineExceeded, Unimplemented, Internal, Unavailable or DataLoss",
} as const;
