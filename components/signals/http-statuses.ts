/** How the status of an HTTP response is read. */
export const HTTP = {
  id: "http",
  unit: "requests",
  serverErrors: /5../,
  // Some libraries write the class of a status only.
  known: { form: /[1-5]([0-9][0-9]|xx|XX)/, inWords: "three digits, such as 503, or 5xx" },
  serverErrorsInWords: "Requests answered with a status of 500 or above",
  statuses: { good: "200", bad: "503" },
} as const;
